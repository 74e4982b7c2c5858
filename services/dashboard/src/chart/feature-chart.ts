import {
  type BaselineData,
  BaselineSeries,
  createChart,
  createTextWatermark,
  type IChartApi,
  type ISeriesApi,
  type LineData,
  LineSeries,
  LineStyle,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Feature, FeatureSample } from '../market/features.ts';
import type { Market } from '../market/market.ts';
import { chartOptions, tickMarkFormatter } from './chart-options.ts';
import { FEATURE_DEFINITIONS, type FeatureDefinition } from './feature-definitions.ts';
import type { Palette } from './palette.ts';
import { createSpanShade, type ShadedSpan, type SpanShade } from './span-shade.ts';
import { chartTime, type EmptyPoint, evenPoints } from './time-axis.ts';

export interface FeatureChart {
  /** Draws what has changed of the samples. */
  drawSamples(): void;
  drawSpans(spans: readonly ShadedSpan[]): void;
  applyPalette(palette: Palette): void;
  pan(seconds: number): void;
  zoom(factor: number): void;
  showLatest(): void;
  remove(): void;
}

interface DrawnFeature {
  readonly definition: FeatureDefinition;
  readonly series: ISeriesApi<'Line'> | ISeriesApi<'Baseline'>;
}

const STEP_S = 1;

/** Features of one market over time, a pane a kind, above one time axis. */
export function createFeatureChart(
  element: HTMLElement,
  options: {
    readonly market: Market;
    readonly features: readonly Feature[];
    readonly palette: Palette;
    readonly priceDecimals: number;
  },
): FeatureChart {
  const { samples } = options.market;
  let { palette } = options;
  let spans: readonly ShadedSpan[] = [];
  let hovered: FeatureSample | null = null;
  let drawnRevision = -1;
  let drawnUntilS = Number.NEGATIVE_INFINITY;

  const chart = createChart(element, chartOptions(palette));
  chart.applyOptions({ timeScale: { barSpacing: 3, tickMarkFormatter } });
  const shown = FEATURE_DEFINITIONS.filter(({ name }) => options.features.includes(name));
  const panes = [...new Set(shown.map(({ pane }) => pane))];
  const drawn = shown.map((definition) => addFeature(chart, definition, panes.indexOf(definition.pane), options));
  const labels = chart
    .panes()
    .map((pane) => createTextWatermark(pane, { horzAlign: 'left', vertAlign: 'top', lines: [] }));
  const shades: SpanShade[] = chart.panes().map((pane) => {
    const shade = createSpanShade({ stepS: () => STEP_S });
    pane.attachPrimitive(shade);
    return shade;
  });

  function drawSamples(): void {
    const items = samples.get();
    const isWhole = samples.revision() !== drawnRevision;
    const from = isWhole
      ? 0
      : Math.max(
          0,
          items.findLastIndex(({ timeS }) => timeS <= drawnUntilS),
        );
    for (const { definition, series } of drawn) {
      const points = evenPoints(items, { from, stepS: STEP_S, point: pointOf(definition.name) });
      if (isWhole) series.setData(points);
      else for (const point of points) series.update(point);
    }
    drawnRevision = samples.revision();
    drawnUntilS = items.at(-1)?.timeS ?? Number.NEGATIVE_INFINITY;
    if (hovered === null) drawLabels();
  }

  /** Names in each pane with the values under the pointer, else the newest. */
  function drawLabels(): void {
    const sample = hovered ?? samples.get().at(-1);
    labels.forEach((label, pane) => {
      const lines = shown
        .filter((definition) => panes[pane] === definition.pane)
        .map((definition) => ({
          text: labelOf(definition, sample, options.priceDecimals),
          color: definition.middle === null ? (palette.lines[definition.line] ?? palette.text) : palette.text,
          fontSize: 11,
          lineHeight: 15,
          fontFamily: palette.fontFamily,
        }));
      label.applyOptions({ lines });
    });
  }

  function drawSpans(next: readonly ShadedSpan[]): void {
    spans = next;
    for (const shade of shades) shade.show(spans, palette);
  }

  function applyPalette(next: Palette): void {
    palette = next;
    chart.applyOptions(chartOptions(palette));
    for (const { definition, series } of drawn) {
      const color = palette.lines[definition.line] ?? palette.text;
      series.applyOptions(
        definition.middle === null
          ? { color }
          : { topLineColor: palette.up, bottomLineColor: palette.down, ...fills(palette) },
      );
    }
    drawSpans(spans);
    drawLabels();
  }

  function showRange(change: (range: { from: number; to: number }) => { from: number; to: number }): void {
    const range = chart.timeScale().getVisibleLogicalRange();
    if (range !== null) chart.timeScale().setVisibleLogicalRange(change(range));
  }

  chart.subscribeCrosshairMove(({ time, point }) => {
    const isOver = point !== undefined && time !== undefined;
    hovered = isOver ? (samples.get().findLast(({ timeS }) => timeS === Number(time)) ?? null) : null;
    drawLabels();
  });
  applyPalette(palette);

  return {
    drawSamples,
    drawSpans,
    applyPalette,
    pan: (count) => showRange(({ from, to }) => ({ from: from + count, to: to + count })),
    zoom: (factor) => showRange(({ from, to }) => ({ from: to - (to - from) * factor, to })),
    showLatest: () => chart.timeScale().scrollToRealTime(),
    remove: () => chart.remove(),
  };
}

function labelOf(definition: FeatureDefinition, sample: FeatureSample | undefined, priceDecimals: number): string {
  const value = sample?.values[definition.name] ?? null;
  return `${definition.label}  ${value === null ? '–' : definition.format(value, priceDecimals)}`;
}

function addFeature(
  chart: IChartApi,
  definition: FeatureDefinition,
  pane: number,
  { priceDecimals }: { readonly priceDecimals: number },
): DrawnFeature {
  const common = {
    lineWidth: 1,
    priceLineStyle: LineStyle.Dotted,
    priceFormat: {
      type: 'custom',
      minMove: 1e-8,
      formatter: (value: number) => definition.format(value, priceDecimals),
    },
  } as const;
  const { middle } = definition;
  const series =
    middle === null
      ? chart.addSeries(LineSeries, common, pane)
      : chart.addSeries(BaselineSeries, { ...common, baseValue: { type: 'price', price: middle } }, pane);
  series.priceScale().applyOptions({ scaleMargins: { top: 0.24, bottom: 0.1 } });
  return { definition, series };
}

function fills({ upSoft, downSoft }: Palette) {
  return { topFillColor1: upSoft, topFillColor2: upSoft, bottomFillColor1: downSoft, bottomFillColor2: downSoft };
}

/** Seconds without a sample that a line still bridges. */
const BRIDGED_S = 2;

const UNSEEN = {
  color: 'transparent',
  topLineColor: 'transparent',
  bottomLineColor: 'transparent',
  topFillColor1: 'transparent',
  topFillColor2: 'transparent',
  bottomFillColor1: 'transparent',
  bottomFillColor2: 'transparent',
};

/** The library draws a line across what is missing, in the colours of the point before it: those are taken away. */
function pointOf(name: Feature) {
  return (
    { timeS, values }: FeatureSample,
    next: FeatureSample | undefined,
  ): LineData<UTCTimestamp> | BaselineData<UTCTimestamp> | EmptyPoint => {
    const time = chartTime(timeS);
    const value = values[name];
    if (value === null) return { time };
    const isBeforeBreak = next !== undefined && (next.values[name] === null || next.timeS - timeS > BRIDGED_S);
    return isBeforeBreak ? { time, value, ...UNSEEN } : { time, value };
  };
}
