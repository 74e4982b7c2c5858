import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { createFeatureChart, type FeatureChart, type HoveredMissing } from '../chart/feature-chart.ts';
import { type LineSource, paneWeight } from '../chart/line-source.ts';
import { readPalette } from '../chart/palette.ts';
import type { TimeLink } from '../chart/time-link.ts';
import { justAdded } from '../feature-session.ts';
import type { Market } from '../market/market.ts';
import { shownTheme } from '../settings/theme.ts';
import { atMostEvery } from '../store/frame.ts';
import { useStore } from '../store/use-store.ts';
import { ChartKeys } from './chart-keys.tsx';
import { MissingTooltip } from './missing-tooltip.tsx';
import { OutOfReach } from './out-of-reach.tsx';
import { PanelState } from './panel-state.tsx';
import { useHeight } from './use-height.ts';

/** A point stands for a second at least, so its last value need not be drawn more often. */
const DRAWING_MS = 500;
/** A pane that is lower tells nothing any more: the panel is scrolled then. */
const PANE_HEIGHT_MIN = 58;
const AXIS_HEIGHT = 26;

export interface FeatureChartViewProps {
  /** Another one wherever something else is drawn. */
  readonly name: string;
  readonly market: Market;
  readonly link: TimeLink;
  readonly stepS: number;
  /** Of the added features in it. */
  readonly keys: readonly string[];
  readonly hasStreamed: boolean;
  readonly isEmpty: boolean;
  readonly build: () => readonly LineSource[];
}

/** Panes of features above one time axis; what it draws is settled when it is made. */
export function FeatureChartView({ market, link, stepS, keys, hasStreamed, build }: FeatureChartViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<FeatureChart | null>(null);
  const [hovered, setHovered] = useState<HoveredMissing | null>(null);
  const [isReached, setReached] = useState(true);
  const theme = useStore(shownTheme);
  const gaps = useStore(market.gaps);
  const invalid = useStore(market.invalidSpans);
  const sources = useMemo(build, []);
  const weight = sources.flatMap(({ panes }) => panes).reduce((sum, pane) => sum + paneWeight(pane), 0);
  const heightMin = weight * PANE_HEIGHT_MIN + AXIS_HEIGHT;
  const height = useHeight(element);
  const isSqueezed = height <= heightMin;

  useLayoutEffect(() => {
    const created = createFeatureChart(element.current!, {
      sources,
      stepS,
      palette: readPalette(),
      link,
      onMissing: setHovered,
      onReach: setReached,
    });
    chart.current = created;
    created.drawSamples();
    const drawing = atMostEvery(DRAWING_MS, created.drawSamples);
    const leave = sources.map((source) => source.subscribe(drawing.run));
    return () => {
      for (const end of leave) end();
      drawing.stop();
      created.remove();
    };
  }, []);
  useEffect(() => {
    const key = justAdded.get();
    if (key === null || !keys.includes(key)) return;
    justAdded.set(null);
    showEnd(frame.current!);
  }, []);
  useEffect(() => chart.current?.zoomByWheel(!isSqueezed), [isSqueezed]);
  useEffect(() => chart.current?.applyPalette(readPalette()), [theme]);
  useEffect(() => chart.current?.drawMissing({ gaps, invalid }), [gaps, invalid]);

  return (
    <div ref={frame} class="feature-chart" style={{ flexGrow: weight, minHeight: `${heightMin}px` }}>
      <ChartKeys label={stepS === 1 ? 'Feature charts' : 'Feature charts of minutes'} chart={link}>
        <div ref={element} class="chart" />
        {hovered === null ? null : (
          <MissingTooltip gaps={hovered.missing.gaps} missing={[hovered.missing]} place={hovered.place} />
        )}
        <OutOfReach isReached={isReached} />
        {hasStreamed ? <StreamedState market={market} /> : null}
      </ChartKeys>
    </div>
  );
}

/** What was added last is the lowest pane of its chart, which may be out of sight. */
function showEnd({ parentElement: stack, offsetTop, offsetHeight }: HTMLElement): void {
  stack?.scrollTo({ top: offsetTop + offsetHeight - stack.clientHeight });
}

function StreamedState({ market }: { readonly market: Market }) {
  const samples = useStore(market.samples);
  return (
    <PanelState
      part="features"
      isEmpty={samples.length === 0}
      empty="No features yet: they follow a valid order book"
    />
  );
}
