import {
  type AutoscaleInfo,
  BaselineSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineSeries,
  LineStyle,
} from 'lightweight-charts';
import type { ChartLine, ChartPane, LineSource } from './line-source.ts';
import type { Palette } from './palette.ts';

/** The lines of a source in a chart. */
export interface DrawnSource {
  /** Draws what has changed of the values. */
  draw(): void;
  applyPalette(palette: Palette): void;
  remove(): void;
}

interface DrawnLine {
  readonly line: ChartLine;
  readonly series: ISeriesApi<'Line'> | ISeriesApi<'Baseline'>;
  readonly marks: readonly IPriceLine[];
}

/** @param options.paneOf the chart's pane that the source's pane of that index is drawn in */
export function drawSource(
  chart: IChartApi,
  source: LineSource,
  options: {
    readonly paneOf: (at: number) => number;
    /** Among candles the price's own labels and marks suffice. */
    readonly isOverlay?: boolean;
  },
): DrawnSource {
  const { paneOf, isOverlay = false } = options;
  const drawn = source.panes.flatMap((pane, at) =>
    pane.lines.map((line) => addLine(chart, line, { pane, index: paneOf(at), isOverlay })),
  );
  let drawnRevision = -1;
  let drawnUntilS = Number.NEGATIVE_INFINITY;

  return {
    draw() {
      const isWhole = source.revision() !== drawnRevision;
      for (const { line, series } of drawn) {
        if (isWhole) series.setData(source.points(line, Number.NEGATIVE_INFINITY));
        // What was drawn last may have changed; what lies before it has not, or the revision would tell.
        else for (const point of source.points(line, drawnUntilS)) series.update(point);
      }
      drawnRevision = source.revision();
      drawnUntilS = source.lastS();
    },
    applyPalette(palette) {
      for (const { line, series, marks } of drawn) {
        series.applyOptions(coloursOf(line, palette));
        for (const mark of marks) mark.applyOptions({ color: palette.faint });
      }
    },
    remove() {
      for (const { series } of drawn) chart.removeSeries(series);
    },
  };
}

/** More than this are told apart by the legend alone: their labels at the axis would cover each other. */
const AXIS_LABELS_MAX = 2;

function addLine(
  chart: IChartApi,
  line: ChartLine,
  place: { readonly pane: ChartPane; readonly index: number; readonly isOverlay: boolean },
): DrawnLine {
  const { pane, index, isOverlay } = place;
  const { middle, range, format } = line;
  const common = {
    lineWidth: 1,
    priceLineStyle: LineStyle.Dotted,
    priceLineVisible: !isOverlay && pane.lines.length === 1,
    lastValueVisible: !isOverlay && pane.lines.length <= AXIS_LABELS_MAX,
    priceFormat: { type: 'custom', minMove: 1e-8, formatter: format },
    ...(range === null ? {} : { autoscaleInfoProvider: () => scaleOf(range) }),
  } as const;
  const series =
    middle === null
      ? chart.addSeries(LineSeries, common, index)
      : chart.addSeries(BaselineSeries, { ...common, baseValue: { type: 'price', price: middle } }, index);
  if (isOverlay) return { line, series, marks: [] };
  series.priceScale().applyOptions({ scaleMargins: { top: 0.28, bottom: 0.1 } });
  const isFirst = pane.lines[0] === line;
  const marked = range === null || !isFirst ? [] : [range[0], (range[0] + range[1]) / 2, range[1]];
  const marks = marked.map((price) =>
    series.createPriceLine({ price, lineWidth: 1, lineStyle: LineStyle.Dashed, axisLabelVisible: false }),
  );
  return { line, series, marks };
}

function scaleOf([minValue, maxValue]: readonly [number, number]): AutoscaleInfo {
  return { priceRange: { minValue, maxValue } };
}

function coloursOf({ line, middle }: ChartLine, palette: Palette) {
  if (middle === null) return { color: palette.lines[line] ?? palette.text };
  const { up, down, upSoft, downSoft } = palette;
  return {
    topLineColor: up,
    bottomLineColor: down,
    topFillColor1: upSoft,
    topFillColor2: upSoft,
    bottomFillColor1: downSoft,
    bottomFillColor2: downSoft,
  };
}
