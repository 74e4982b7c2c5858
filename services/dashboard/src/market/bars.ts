import { fieldsOf } from '../api/fields.ts';
import type { Series, Timed } from '../store/series.ts';
import type { Trade } from './trades.ts';

export type Interval = '1s' | '1m';

export const INTERVAL_S: Readonly<Record<Interval, number>> = { '1s': 1, '1m': 60 };

/** Bars that are kept: a day of minutes, an hour of seconds. */
export const BARS_MAX: Readonly<Record<Interval, number>> = { '1s': 3600, '1m': 1440 };

/** A time bar; `timeS` is its open time. */
export interface Bar extends Timed {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The bar, or null where the row is the venue's own kline, which would draw each minute twice. @throws TypeError */
export function readBar(value: unknown): Bar | null {
  const fields = fieldsOf('bar', value);
  if (fields.textOrNull('source') === 'kline') return null;
  return {
    timeS: Math.floor(fields.number('ts') / 1_000_000),
    open: fields.number('open'),
    high: fields.number('high'),
    low: fields.number('low'),
    close: fields.number('close'),
    volume: fields.number('volume'),
  };
}

/**
 * Puts a trade into the bar in progress, so that a second's candle moves before it is closed. The bar that the stream
 * sends when it closes replaces it. A trade older than the last bar is left to the stream.
 */
export function addTradeToBars(bars: Series<Bar>, trade: Trade, interval: Interval): void {
  const lengthS = INTERVAL_S[interval];
  const timeS = Math.floor(trade.timeMs / 1000 / lengthS) * lengthS;
  const price = Number(trade.price);
  const qty = Number(trade.qty);
  const last = bars.get().at(-1);
  if (last !== undefined && timeS < last.timeS) return;
  if (last?.timeS !== timeS) {
    bars.put({ timeS, open: price, high: price, low: price, close: price, volume: qty });
    return;
  }
  bars.put({
    ...last,
    high: Math.max(last.high, price),
    low: Math.min(last.low, price),
    close: price,
    volume: last.volume + qty,
  });
}

/** What a span of bars amounts to. */
export interface SessionStatistics {
  /** Close against first open, as a ratio. */
  readonly changeRatio: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  /** Since when the bars reach, seconds since the epoch. */
  readonly sinceS: number;
  /** The bars cover (nearly) the whole 24 hours before the last one. */
  readonly isWholeDay: boolean;
}

const DAY_S = 86_400;

/** The last 24 hours of minute bars, or as much of them as there is; null without a bar. */
export function sessionStatistics(bars: readonly Bar[]): SessionStatistics | null {
  const last = bars.at(-1);
  if (last === undefined) return null;
  const fromS = last.timeS - DAY_S;
  let first = last;
  let high = last.high;
  let low = last.low;
  let volume = 0;
  for (let at = bars.length - 1; at >= 0 && bars[at]!.timeS > fromS; at--) {
    first = bars[at]!;
    high = Math.max(high, first.high);
    low = Math.min(low, first.low);
    volume += first.volume;
  }
  const isWholeDay = last.timeS - first.timeS >= DAY_S - 1800;
  return { changeRatio: last.close / first.open - 1, high, low, volume, sinceS: first.timeS, isWholeDay };
}
