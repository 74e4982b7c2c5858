import {
  type CandlestickData,
  CandlestickSeries,
  createChart,
  type HistogramData,
  HistogramSeries,
  LineStyle,
  type MouseEventParams,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { grouped } from '../format/decimal.ts';
import { type Bar, INTERVAL_S, type Interval } from '../market/bars.ts';
import type { Gap } from '../market/gaps.ts';
import type { Market } from '../market/market.ts';
import type { OwnTrading } from '../market/own-trading.ts';
import { CHART_OPTIONS, chartColours } from './chart-options.ts';
import { type DrawnSource, drawSource } from './drawn-source.ts';
import type { LineSource } from './line-source.ts';
import { linkChart } from './linked-chart.ts';
import { gapSpans, type KnownMissing, type Missing, missingAt, shadedSpan } from './missing.ts';
import { createOwnMarks } from './own-marks.ts';
import type { Palette } from './palette.ts';
import { createSpanShade, type ShadedSpan, spanEdges } from './span-shade.ts';
import { chartTime, evenPoints } from './time-axis.ts';
import type { TimeLink } from './time-link.ts';

/** What is under the pointer. */
export interface Hovered {
  /** Null: none; the newest is meant then. */
  readonly timeS: number | null;
  readonly gaps: readonly Gap[];
  /** What is missing of the lines over the candles. */
  readonly missing: readonly Missing[];
  /** Of the pointer, CSS pixels from the window's corner. */
  readonly place: { readonly x: number; readonly top: number; readonly bottom: number };
}

export const NOTHING_HOVERED: Hovered = { timeS: null, gaps: [], missing: [], place: { x: 0, top: 0, bottom: 0 } };

export interface CandleChart {
  /** Draws what has changed of the bars. */
  drawBars(): void;
  drawMissing(known: KnownMissing): void;
  /** Draws these lines over the candles, and no others any more. */
  showOverlays(sources: readonly LineSource[]): void;
  /** Draws what has changed of them. */
  drawOverlays(): void;
  /** Draws own fills and open orders. */
  showOwn(own: OwnTrading): void;
  applyPalette(palette: Palette): void;
  remove(): void;
}

/** Candles with volume of one market at one interval, gaps shaded. */
export function createCandleChart(
  element: HTMLElement,
  options: {
    readonly market: Market;
    readonly interval: Interval;
    readonly palette: Palette;
    readonly priceDecimals: number;
    readonly link: TimeLink;
    readonly onHover: (hovered: Hovered) => void;
    /** Told whether it has anything of the span that is shown. */
    readonly onReach: (isReached: boolean) => void;
  },
): CandleChart {
  const { market, interval, priceDecimals, link, onHover, onReach } = options;
  const bars = market.bars[interval];
  const stepS = INTERVAL_S[interval];
  let { palette } = options;
  let known: KnownMissing = { gaps: [], invalid: [] };
  let hovered: Hovered = NOTHING_HOVERED;
  let sources: readonly LineSource[] = [];
  let overlays: readonly DrawnSource[] = [];
  let drawnRevision = -1;
  let drawnUntilS = Number.NEGATIVE_INFINITY;

  const chart = createChart(element, CHART_OPTIONS);
  const candles = chart.addSeries(CandlestickSeries, {
    priceFormat: {
      type: 'custom',
      minMove: 10 ** -priceDecimals,
      formatter: (price: number) => grouped(price, priceDecimals),
    },
    priceLineStyle: LineStyle.Dotted,
  });
  const volume = chart.addSeries(HistogramSeries, {
    priceFormat: { type: 'volume' },
    priceScaleId: 'volume',
    lastValueVisible: false,
    priceLineVisible: false,
  });
  candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.22 } });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  const ownMarks = createOwnMarks(candles, { stepS, palette });
  const shade = createSpanShade({ stepS: () => stepS });
  chart.panes()[0]?.attachPrimitive(shade);
  const linking = linkChart(chart, {
    link,
    element,
    stepS,
    newestS: () => (bars.get().at(-1)?.timeS ?? Number.NEGATIVE_INFINITY) + stepS,
    onCursor: (timeS) => hover({ ...(timeS === null || !linking.isPointedAt() ? NOTHING_HOVERED : hovered), timeS }),
    onReach,
  });

  const candlePoint = ({ timeS, open, high, low, close }: Bar): CandlestickData<UTCTimestamp> => ({
    time: chartTime(timeS),
    open,
    high,
    low,
    close,
  });
  const volumePoint = (bar: Bar): HistogramData<UTCTimestamp> => ({
    time: chartTime(bar.timeS),
    value: bar.volume,
    color: bar.close >= bar.open ? palette.upSoft : palette.downSoft,
  });

  function drawBars(): void {
    const items = bars.get();
    const isWhole = bars.revision() !== drawnRevision;
    // The bar drawn last may have changed; what lies before it has not, or the revision would tell.
    const from = isWhole
      ? 0
      : Math.max(
          0,
          items.findLastIndex(({ timeS }) => timeS <= drawnUntilS),
        );
    const candlePoints = evenPoints(items, { from, stepS, point: candlePoint });
    const volumePoints = evenPoints(items, { from, stepS, point: volumePoint });
    if (isWhole) {
      candles.setData(candlePoints);
      volume.setData(volumePoints);
    } else {
      for (const point of candlePoints) candles.update(point);
      for (const point of volumePoints) volume.update(point);
    }
    drawnRevision = bars.revision();
    drawnUntilS = items.at(-1)?.timeS ?? Number.NEGATIVE_INFINITY;
  }

  function applyPalette(next: Palette): void {
    palette = next;
    chart.applyOptions(chartColours(palette));
    candles.applyOptions({
      upColor: palette.up,
      downColor: palette.down,
      wickUpColor: palette.up,
      wickDownColor: palette.down,
      borderVisible: false,
    });
    drawnRevision = -1;
    drawBars();
    for (const overlay of overlays) overlay.applyPalette(palette);
    ownMarks.applyPalette(palette);
    linking.applyPalette(palette);
    drawMissing();
  }

  /** Gaps of all channels, and where what is drawn over the candles has no value any more. */
  function drawMissing(): void {
    const silent = sources.flatMap((source) => source.panes.flatMap((pane) => source.valueless(pane)));
    const broken = silent.filter(({ isFirst }) => !isFirst);
    shade.show(
      [...gapSpans(known.gaps), ...broken.map(({ fromS, toS }): ShadedSpan => ({ fromS, toS, kind: 'invalid' }))],
      palette,
    );
  }

  function hover(next: Hovered): void {
    hovered = next;
    onHover(next);
  }

  function hoverAt({ time, point }: MouseEventParams<Time>): void {
    if (point === undefined) {
      hover(NOTHING_HOVERED);
      return;
    }
    const gaps = known.gaps.filter((gap) => {
      const edges = spanEdges(chart, shadedSpan(gap, 'gap'), stepS);
      return edges !== null && point.x >= edges.x - 2 && point.x <= edges.right + 2;
    });
    const timeS = time === undefined ? null : Number(time);
    const { left, top } = element.getBoundingClientRect();
    const y = top + point.y;
    const place = { x: left + point.x, top: y - 10, bottom: y + 10 };
    hover({ timeS, gaps, missing: timeS === null ? [] : missingOfOverlays(timeS), place });
  }

  function missingOfOverlays(fromS: number): Missing[] {
    const none = { gaps: [], invalid: [] };
    return sources.flatMap((source) =>
      source.panes.flatMap((pane) => missingAt(source, pane, { fromS, toS: fromS + stepS }, none) ?? []),
    );
  }

  chart.subscribeCrosshairMove(hoverAt);
  applyPalette(palette);

  return {
    drawBars() {
      drawBars();
      linking.drawn();
    },
    drawMissing(next) {
      known = next;
      drawMissing();
    },
    showOverlays(next) {
      for (const overlay of overlays) overlay.remove();
      sources = next;
      overlays = sources.map((source) => drawSource(chart, source, { paneOf: () => 0, isOverlay: true }));
      for (const overlay of overlays) {
        overlay.applyPalette(palette);
        overlay.draw();
      }
      drawMissing();
      linking.drawn();
    },
    drawOverlays() {
      for (const overlay of overlays) overlay.draw();
      drawMissing();
      linking.drawn();
    },
    showOwn: (own) => ownMarks.show(own, bars.get()[0]?.timeS ?? Number.POSITIVE_INFINITY),
    applyPalette,
    remove() {
      linking.end();
      chart.remove();
    },
  };
}
