import {
  type AutoscaleInfo,
  BaselineSeries,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type SeriesType,
} from 'lightweight-charts';
import { type BandFill, createBandFill } from './band-fill.ts';
import type { ChartFill, ChartLine, LinePoint, LineSource } from './line-source.ts';
import { type Palette, seeThrough } from './palette.ts';

/** The lines of a source in a chart. */
export interface DrawnSource {
  /** Draws what has changed of the values. */
  draw(): void;
  applyPalette(palette: Palette): void;
  remove(): void;
}

interface DrawnLine {
  readonly line: ChartLine;
  readonly series: ISeriesApi<SeriesType>;
  readonly marks: readonly IPriceLine[];
}

interface DrawnFill {
  readonly fill: ChartFill;
  readonly band: BandFill;
  detach(): void;
}

/** How much of what is behind a band is seen through it. */
const BAND_OPACITY = 0.09;

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
    inDepth(pane.lines).map((line) => ({
      ...addLine(chart, line, { index: paneOf(at), isOverlay }),
      inPane: pane.lines.length,
    })),
  );
  const fills = source.panes.flatMap((pane, at) => pane.fills.map((fill) => addFill(fill, paneOf(at))));
  let palette: Palette | null = null;
  let drawnRevision = -1;
  let drawnUntilS = Number.NEGATIVE_INFINITY;

  function addFill(fill: ChartFill, index: number): DrawnFill {
    const pane = chart.panes()[index]!;
    const band = createBandFill(drawn.find(({ line }) => line === fill.from)!.series);
    pane.attachPrimitive(band);
    return { fill, band, detach: () => pane.detachPrimitive(band) };
  }

  /** A bar of a histogram has the colour of its sign. */
  function coloured(line: ChartLine, points: readonly LinePoint[]): LinePoint[] {
    if (line.drawn !== 'histogram' || palette === null) return [...points];
    const { up, down } = palette;
    return points.map((point) => ('value' in point ? { ...point, color: point.value >= 0 ? up : down } : point));
  }

  /** A value that is not the newest any more is not marked at the axis as if it were. */
  function markNewest({ line, series, inPane }: (typeof drawn)[number]): void {
    const isMarked = !isOverlay && source.valueAt(line, null) !== null;
    series.applyOptions({
      priceLineVisible: isMarked && inPane === 1,
      lastValueVisible: isMarked && inPane <= AXIS_LABELS_MAX,
    });
  }

  return {
    draw() {
      const isWhole = source.revision() !== drawnRevision;
      for (const each of drawn) {
        const { line, series } = each;
        if (isWhole) series.setData(coloured(line, source.points(line, Number.NEGATIVE_INFINITY)));
        // What was drawn last may have changed; what lies before it has not, or the revision would tell.
        else for (const point of coloured(line, source.points(line, drawnUntilS))) series.update(point);
        markNewest(each);
      }
      for (const { fill, band } of fills)
        band.show(source.points(fill.from, Number.NEGATIVE_INFINITY), source.points(fill.to, Number.NEGATIVE_INFINITY));
      drawnRevision = source.revision();
      drawnUntilS = source.lastS();
    },
    applyPalette(next) {
      palette = next;
      for (const { line, series, marks } of drawn) {
        series.applyOptions(coloursOf(line, palette));
        for (const mark of marks) mark.applyOptions({ color: palette.faint });
      }
      for (const { fill, band } of fills) band.applyColours(...fillColours(fill, palette));
      // Colours of bars are among their values.
      if (drawnRevision >= 0 && drawn.some(({ line }) => line.drawn === 'histogram')) {
        drawnRevision = -1;
        this.draw();
      }
    },
    remove() {
      for (const { detach } of fills) detach();
      for (const { series } of drawn) chart.removeSeries(series);
    },
  };
}

/** Bars first, which would cover lines. */
function inDepth(lines: readonly ChartLine[]): readonly ChartLine[] {
  return lines.toSorted((a, b) => Number(b.drawn === 'histogram') - Number(a.drawn === 'histogram'));
}

/** More than this are told apart by the legend alone: their labels at the axis would cover each other. */
const AXIS_LABELS_MAX = 2;
const POINT_RADIUS = 1.6;

function addLine(
  chart: IChartApi,
  line: ChartLine,
  place: { readonly index: number; readonly isOverlay: boolean },
): DrawnLine {
  const { index, isOverlay } = place;
  const { middle, range, format, drawn } = line;
  const common = {
    lineWidth: 1,
    priceLineStyle: LineStyle.Dotted,
    // As soon as there is one.
    priceLineVisible: false,
    lastValueVisible: false,
    priceFormat: { type: 'custom', minMove: 1e-8, formatter: format },
    ...(range === null ? {} : { autoscaleInfoProvider: () => scaleOf(range) }),
  } as const;
  const addedAs = (): ISeriesApi<SeriesType> => {
    if (drawn === 'histogram') return chart.addSeries(HistogramSeries, { ...common, base: 0 }, index);
    if (middle !== null)
      return chart.addSeries(BaselineSeries, { ...common, baseValue: { type: 'price', price: middle } }, index);
    const asPoints = { lineVisible: false, pointMarkersVisible: true, pointMarkersRadius: POINT_RADIUS } as const;
    return chart.addSeries(
      LineSeries,
      {
        ...common,
        ...(drawn === 'points' ? asPoints : {}),
        ...(drawn === 'dashed' ? { lineStyle: LineStyle.Dashed } : {}),
      },
      index,
    );
  };
  const series = addedAs();
  if (isOverlay) return { line, series, marks: [] };
  series.priceScale().applyOptions({ scaleMargins: { top: 0.28, bottom: 0.1 } });
  const marks = line.guides.map((price) =>
    series.createPriceLine({ price, lineWidth: 1, lineStyle: LineStyle.Dashed, axisLabelVisible: false }),
  );
  return { line, series, marks };
}

function scaleOf([minValue, maxValue]: readonly [number, number]): AutoscaleInfo {
  return { priceRange: { minValue, maxValue } };
}

function coloursOf({ line, middle, drawn }: ChartLine, palette: Palette) {
  const { up, down, upSoft, downSoft } = palette;
  if (drawn === 'histogram') return { color: up };
  if (middle === null) return { color: palette.lines[line] ?? palette.text };
  return {
    topLineColor: up,
    bottomLineColor: down,
    topFillColor1: upSoft,
    topFillColor2: upSoft,
    bottomFillColor1: downSoft,
    bottomFillColor2: downSoft,
  };
}

function fillColours({ kind, from }: ChartFill, palette: Palette): readonly [above: string, below: string] {
  if (kind === 'cloud') return [palette.upSoft, palette.downSoft];
  const colour = seeThrough(palette.lines[from.line] ?? palette.text, BAND_OPACITY);
  return [colour, colour];
}
