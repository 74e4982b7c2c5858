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
import { chartOptions, tickMarkFormatter } from './chart-options.ts';
import { type DrawnSource, drawSource } from './drawn-source.ts';
import type { LineSource } from './line-source.ts';
import type { Palette } from './palette.ts';
import { createSpanShade, type ShadedSpan, spanEdges } from './span-shade.ts';
import { chartTime, evenPoints } from './time-axis.ts';

/** What is under the pointer. */
export interface Hovered {
  /** Null: none; the newest bar is meant then. */
  readonly bar: Bar | null;
  readonly gaps: readonly Gap[];
  readonly x: number;
}

export interface CandleChart {
  /** Draws what has changed of the bars. */
  drawBars(): void;
  drawGaps(gaps: readonly Gap[]): void;
  /** Draws these lines over the candles, and no others any more. */
  showOverlays(sources: readonly LineSource[]): void;
  /** Draws what has changed of them. */
  drawOverlays(): void;
  applyPalette(palette: Palette): void;
  /** Moves by bars, to the right where positive. */
  pan(bars: number): void;
  /** Shows fewer bars where below 1. */
  zoom(factor: number): void;
  showLatest(): void;
  /** Brings an instant into the middle. */
  showTime(timeMs: number): void;
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
    readonly onHover: (hovered: Hovered) => void;
  },
): CandleChart {
  const { market, interval, priceDecimals } = options;
  const bars = market.bars[interval];
  const stepS = INTERVAL_S[interval];
  let { palette } = options;
  let gaps: readonly Gap[] = [];
  let overlays: readonly DrawnSource[] = [];
  let drawnRevision = -1;
  let drawnUntilS = Number.NEGATIVE_INFINITY;

  const chart = createChart(element, chartOptions(palette));
  chart.applyOptions({ timeScale: { barSpacing: 7, tickMarkFormatter } });
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
  const shade = createSpanShade({ stepS: () => stepS });
  chart.panes()[0]?.attachPrimitive(shade);

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
    chart.applyOptions(chartOptions(palette));
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
    shade.show(gaps.map(spanOf), palette);
  }

  function hover({ time, point }: MouseEventParams<Time>): void {
    if (point === undefined) {
      options.onHover({ bar: null, gaps: [], x: 0 });
      return;
    }
    const bar = time === undefined ? undefined : bars.get().findLast(({ timeS }) => timeS === Number(time));
    const under = gaps.filter((gap) => {
      const edges = spanEdges(chart, spanOf(gap), stepS);
      return edges !== null && point.x >= edges.x - 2 && point.x <= edges.right + 2;
    });
    options.onHover({ bar: bar ?? null, gaps: under, x: point.x });
  }

  function showRange(change: (range: { from: number; to: number }) => { from: number; to: number }): void {
    const range = chart.timeScale().getVisibleLogicalRange();
    if (range !== null) chart.timeScale().setVisibleLogicalRange(change(range));
  }

  chart.subscribeCrosshairMove(hover);
  applyPalette(palette);

  return {
    drawBars,
    drawGaps(next) {
      gaps = next;
      shade.show(gaps.map(spanOf), palette);
    },
    showOverlays(sources) {
      for (const overlay of overlays) overlay.remove();
      overlays = sources.map((source) => drawSource(chart, source, { paneOf: () => 0, isOverlay: true }));
      for (const overlay of overlays) {
        overlay.applyPalette(palette);
        overlay.draw();
      }
    },
    drawOverlays() {
      for (const overlay of overlays) overlay.draw();
    },
    applyPalette,
    pan: (count) => showRange(({ from, to }) => ({ from: from + count, to: to + count })),
    zoom: (factor) => showRange(({ from, to }) => ({ from: to - (to - from) * factor, to })),
    showLatest: () => chart.timeScale().scrollToRealTime(),
    showTime(timeMs) {
      const index = chart.timeScale().timeToIndex(chartTime(Math.floor(timeMs / 1000 / stepS) * stepS), true);
      if (index !== null) showRange(({ from, to }) => ({ from: index - (to - from) / 2, to: index + (to - from) / 2 }));
    },
    remove: () => chart.remove(),
  };
}

function spanOf({ fromMs, toMs }: Gap): ShadedSpan {
  return { fromS: fromMs / 1000, toS: toMs === null ? null : toMs / 1000, kind: 'gap' };
}
