import type { BarTape } from '../../streams/tape/bar-tape.ts';
import type { BarFeatures } from './bar-features.ts';

/** Number of the first candle that opens at that time or later; their count where there is none. */
export function indexFrom(openTimesMs: Float64Array, timeMs: number): number {
  let [low, high] = [0, openTimesMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (openTimesMs[middle]! < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where episodes may begin, and how far they may go. Numbers of candles. */
export interface EpisodeSpan {
  /** Candles at whose close a first decision may be taken, in order; at least one. */
  readonly starts: Int32Array;
  /** By candle: the last one that an episode which is there may come to. */
  readonly lasts: Int32Array;
  /** The last candle of all. */
  readonly end: number;
}

export interface EpisodeSpanOptions {
  readonly bars: BarTape;
  readonly features: BarFeatures;
  /** ms since the epoch; the second is not included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Candles without a hole that must be behind the first decision, its own included. */
  readonly warmUpBars: number;
  /** Steps. */
  readonly maxSteps: number;
  /** Whether an episode goes on over missing candles, and where features are not valid. */
  readonly mayCrossInvalid: boolean;
}

/**
 * An episode begins where every feature is valid, and where there is room for one of the greatest length; where no stretch has
 * that room, anywhere with room for a step.
 * @throws RangeError where there is no such place
 */
export function episodeSpan(options: EpisodeSpanOptions): EpisodeSpan {
  const { bars, features, fromMs, toMs, warmUpBars, maxSteps, mayCrossInvalid } = options;
  const { openTimesMs, intervalMs } = bars;
  const [from, to] = [indexFrom(openTimesMs, fromMs), indexFrom(openTimesMs, toMs)];
  const width = features.columns.length;
  const isValid = (row: number): boolean => {
    for (let n = row * width; n < (row + 1) * width; n++) if (Number.isNaN(features.values[n]!)) return false;
    return true;
  };
  const isBehindHole = (n: number): boolean => n === 0 || openTimesMs[n]! > openTimesMs[n - 1]! + intervalMs;
  const lasts = new Int32Array(openTimesMs.length);
  for (let n = to - 1; n >= from; n--) {
    const isNextBroken = n === to - 1 || (!mayCrossInvalid && (isBehindHole(n + 1) || !isValid(n + 1)));
    lasts[n] = isNextBroken ? n : lasts[n + 1]!;
  }
  const possible: number[] = [];
  let seen = 0;
  for (let n = 0; n < to; n++) {
    seen = isBehindHole(n) ? 1 : seen + 1;
    if (n >= from && seen >= warmUpBars && lasts[n]! > n && isValid(n)) possible.push(n);
  }
  const roomy = possible.filter((n) => lasts[n]! - n >= maxSteps);
  const starts = Int32Array.from(roomy.length > 0 ? roomy : possible);
  if (starts.length === 0)
    throw new RangeError(
      `episode: expected candles from ${timeText(fromMs)} to ${timeText(toMs)} of which two in a row have every feature after ${warmUpBars} candles, found none`,
    );
  return { starts, lasts, end: to - 1 };
}

/** ms since the epoch as text of UTC, for errors. */
export function timeText(ms: number): string {
  if (!Number.isFinite(ms)) return ms < 0 ? 'the beginning' : 'the end';
  return new Date(ms).toISOString();
}
