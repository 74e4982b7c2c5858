import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { createFeatureChart, type FeatureChart } from '../chart/feature-chart.ts';
import { type LineSource, paneWeight } from '../chart/line-source.ts';
import { readPalette } from '../chart/palette.ts';
import type { ShadedSpan } from '../chart/span-shade.ts';
import { justAdded } from '../feature-session.ts';
import type { Gap } from '../market/gaps.ts';
import type { InvalidSpan } from '../market/invalid-spans.ts';
import type { Market } from '../market/market.ts';
import { shownTheme } from '../settings/theme.ts';
import { atMostEvery } from '../store/frame.ts';
import { useStore } from '../store/use-store.ts';
import { ChartKeys } from './chart-keys.tsx';
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
  readonly stepS: number;
  /** Of the added features in it. */
  readonly keys: readonly string[];
  readonly hasStreamed: boolean;
  readonly isEmpty: boolean;
  readonly build: () => readonly LineSource[];
}

/** Panes of features above one time axis; what it draws is settled when it is made. */
export function FeatureChartView({ market, stepS, keys, hasStreamed, build }: FeatureChartViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<FeatureChart | null>(null);
  const theme = useStore(shownTheme);
  const gaps = useStore(market.gaps);
  const invalid = useStore(market.invalidSpans);
  const sources = useMemo(build, []);
  const weight = sources.flatMap(({ panes }) => panes).reduce((sum, pane) => sum + paneWeight(pane), 0);
  const heightMin = weight * PANE_HEIGHT_MIN + AXIS_HEIGHT;
  const height = useHeight(element);
  const isSeen = height > 0;
  const isSqueezed = height <= heightMin;

  useLayoutEffect(() => {
    const created = createFeatureChart(element.current!, { sources, stepS, palette: readPalette() });
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
  // Where it had no width it could not follow what came.
  useEffect(() => {
    if (isSeen) chart.current?.showLatest();
  }, [isSeen]);
  useEffect(() => chart.current?.zoomByWheel(!isSqueezed), [isSqueezed]);
  useEffect(() => chart.current?.applyPalette(readPalette()), [theme]);
  useEffect(() => chart.current?.drawSpans(shadedSpans(gaps, invalid, stepS)), [gaps, invalid]);

  return (
    <div ref={frame} class="feature-chart" style={{ flexGrow: weight, minHeight: `${heightMin}px` }}>
      <ChartKeys label={stepS === 1 ? 'Feature charts' : 'Feature charts of minutes'} chart={chart}>
        <div ref={element} class="chart" />
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

/** Features of seconds come from the order book, those of minutes from trades: a gap elsewhere does not touch them. */
function shadedSpans(gaps: readonly Gap[], invalid: readonly InvalidSpan[], stepS: number): ShadedSpan[] {
  const shaded = (kind: ShadedSpan['kind']) => (span: InvalidSpan) => ({
    fromS: span.fromMs / 1000,
    toS: span.toMs === null ? null : span.toMs / 1000,
    kind,
  });
  const isTold = ({ channel }: Gap): boolean => (channel === 'depth') === (stepS === 1);
  return [...(stepS === 1 ? invalid : []).map(shaded('invalid')), ...gaps.filter(isTold).map(shaded('gap'))];
}
