import { useMemo, useState } from 'preact/hooks';
import { type Extent, polyline } from '../chart/polyline.ts';
import { grouped, percent, significant } from '../format/decimal.ts';
import { type BandPoint, episodeBand } from '../training/episode-band.ts';
import type { TrainingRun } from '../training/run.ts';
import { askEpisodes, countEndings, type RunEpisode } from '../training/run-episodes.ts';
import { stepText, stepTicks } from './curve-chart.tsx';
import { PLOT_HEIGHT, PLOT_WIDTH, Plot } from './plot.tsx';
import { usePolled } from './use-polled.ts';

const [RUNNING_PERIOD_MS, ENDED_PERIOD_MS] = [10_000, 600_000];

interface Quantity {
  readonly title: string;
  readonly read: (episode: RunEpisode) => number | null;
  readonly text: (value: number) => string;
}

const QUANTITIES: readonly Quantity[] = [
  { title: 'Episode return', read: (episode) => episode.return, text: significant },
  {
    title: 'Change of equity in an episode, %',
    read: ({ gain }) => gain && gain * 100,
    text: (value) => percent(value / 100),
  },
];

/** How the returns of episodes lie over the training, of all seeds together; nothing while too few have ended. */
export function RunEpisodes({ run }: { readonly run: TrainingRun }) {
  const { id, starts, status } = run;
  const question = useMemo(() => askEpisodes(id), [id, starts]);
  const { value: episodes } = usePolled(question, status === 'running' ? RUNNING_PERIOD_MS : ENDED_PERIOD_MS);
  const [chosen, setChosen] = useState(0);
  const { title, read, text } = QUANTITIES[chosen]!;
  const band = useMemo(() => (episodes === null ? [] : bandOf(episodes, read)), [episodes, read]);
  if (episodes === null || bandOf(episodes, QUANTITIES[0]!.read).length === 0) return null;
  const offered = episodes.some(({ gain }) => gain !== null) ? QUANTITIES : QUANTITIES.slice(0, 1);
  return (
    <section class="curves" aria-label="Episodes">
      <label class="curve-metric">
        <span class="unseen">Quantity of the episodes that is drawn</span>
        <select value={chosen} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
          {offered.map((quantity, n) => (
            <option key={quantity.title} value={n}>
              {quantity.title}
            </option>
          ))}
        </select>
      </label>
      <BandChart title={title} band={band} text={text} />
      <EndingsText episodes={episodes} />
    </section>
  );
}

function bandOf(episodes: readonly RunEpisode[], read: Quantity['read']): readonly BandPoint[] {
  return episodeBand(
    episodes.flatMap((episode) => {
      const value = read(episode);
      return value === null ? [] : [{ step: episode.step, value, weight: episode.standsFor }];
    }),
  );
}

/** The median as a line in the band that holds the middle eight tenths. */
function BandChart(props: {
  readonly title: string;
  readonly band: readonly BandPoint[];
  readonly text: Quantity['text'];
}) {
  const { title, band, text } = props;
  const [first, last] = [band[0], band.at(-1)];
  if (first === undefined || last === undefined) return <p class="dim">{title} has no value yet</p>;
  const extent: Extent = {
    left: first.step,
    right: last.step,
    lowest: Math.min(...band.map(({ low }) => low)),
    highest: Math.max(...band.map(({ high }) => high)),
  };
  const drawn = (of: 'low' | 'median' | 'high', points = band): string =>
    polyline(
      points.map((point) => ({ x: point.step, y: point[of] })),
      extent,
      PLOT_WIDTH,
      PLOT_HEIGHT,
    );
  return (
    <Plot
      label={`${title} by steps, median and band`}
      extent={extent}
      ticks={stepTicks(extent)}
      placeText={stepText}
      testId="episodes"
      legendOf={(at) => {
        const { low, median, high } = band.findLast(({ step }) => step <= at) ?? first;
        return [
          { name: 'median', value: text(median), style: '--curve: var(--line-1); --edge: solid' },
          {
            name: 'eight of ten from',
            value: `${text(low)} to ${text(high)}`,
            style: '--curve: var(--band); --edge: solid',
          },
        ];
      }}
    >
      <polygon class="curve-band" points={`${drawn('high')} ${drawn('low', band.toReversed())}`} />
      <polyline class="curve-smooth" style="--curve: var(--line-1); --dash: none" points={drawn('median')} />
    </Plot>
  );
}

function EndingsText({ episodes }: { readonly episodes: readonly RunEpisode[] }) {
  const { count, endings } = countEndings(episodes);
  return (
    <p class="dim" data-testid="endings">
      {grouped(count, 0)} episodes of all seeds: {endings.map(([text, of]) => `${grouped(of, 0)} ${text}`).join(', ')}
    </p>
  );
}
