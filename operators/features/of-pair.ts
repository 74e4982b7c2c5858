import type { InstrumentInfo } from '../../streams/events/instrument-info.ts';
import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import {
  clearTimedIntervals,
  createTimedIntervals,
  passIntervals,
  type TimedIntervals,
} from '../rolling/timed-intervals.ts';
import { duration, type FeatureFold, type FeatureValue, wholeNumber } from './definition.ts';
import type { OtherBreak, OtherQuote } from './feature-input.ts';
import { midprice } from './midprice.ts';

/** What features of two instruments are folded from. */
export const PAIR_INPUTS = ['topOfBook', 'bookBreak', 'otherQuote', 'otherBreak', 'instrument'] as const;

export type PairInput = TopOfBook | BookBreak | OtherQuote | OtherBreak | InstrumentInfo;

/** Plain data; NaN: not known. */
export interface OfPairState<Value extends FeatureValue> {
  tickSize: number;
  /** This instrument's, in ticks. */
  mid: number;
  /** The other's, in the quote asset. */
  otherMid: number;
  nowMs: number;
  readonly intervals: TimedIntervals;
  own: RecentValues;
  other: RecentValues;
  /** null: nothing. */
  said: Value | null;
}

/**
 * A feature of the logarithms of two instruments' midprices, in the quote asset, at the ends of the last `prices` intervals.
 * An interval without a quote keeps the one before; intervals are counted from the epoch, and end with the first quote of
 * either instrument behind them. Found anew at the end of each. Speaks once the prices are there; a break of either book
 * starts it anew.
 * @param value of the logarithms of this instrument's prices and of the other's, oldest first
 */
export function ofPair<Value extends FeatureValue>(
  options: { readonly intervalMs: number; readonly prices: number },
  value: (own: Float64Array, other: Float64Array) => Value | undefined,
): FeatureFold<PairInput, OfPairState<Value>, Value> {
  const { intervalMs, prices } = options;
  // Written anew by each use.
  const own = new Float64Array(prices);
  const other = new Float64Array(prices);

  function passTime(state: OfPairState<Value>, timeMs: number): void {
    state.nowMs = Math.max(state.nowMs, timeMs);
    const { tickSize, mid, otherMid, intervals } = state;
    const [ownLog, otherLog] = [Math.log(mid * tickSize), Math.log(otherMid)];
    if (!Number.isFinite(ownLog) || !Number.isFinite(otherLog)) return;
    const before = intervals.current;
    passIntervals(intervals, state.nowMs, prices, () => {
      pushRecentValue(state.own, ownLog);
      pushRecentValue(state.other, otherLog);
    });
    if (before < 0 || before === intervals.current || state.own.count < prices) return;
    inOrder(state.own, own);
    inOrder(state.other, other);
    state.said = value(own, other) ?? null;
  }

  function restart(state: OfPairState<Value>): void {
    clearTimedIntervals(state.intervals);
    state.own = createRecentValues(prices);
    state.other = createRecentValues(prices);
    state.said = null;
  }

  return {
    initialState: () => ({
      tickSize: Number.NaN,
      mid: Number.NaN,
      otherMid: Number.NaN,
      nowMs: 0,
      intervals: createTimedIntervals(intervalMs),
      own: createRecentValues(prices),
      other: createRecentValues(prices),
      said: null,
    }),
    evolve: (state, event) => {
      switch (event.type) {
        case 'instrument':
          state.tickSize = event.scale.price.toNumber(1);
          break;
        case 'bookBreak':
          restart(state);
          state.mid = Number.NaN;
          break;
        case 'otherBreak':
          restart(state);
          state.otherMid = Number.NaN;
          break;
        default:
          passTime(state, event.transactionTimeMs);
          if (event.type === 'topOfBook') state.mid = midprice(event);
          else state.otherMid = event.midprice;
          passTime(state, event.transactionTimeMs);
      }
      return state;
    },
    project: ({ said }) => said ?? undefined,
  };
}

/** Oldest first, of values that fill their room. */
function inOrder({ values, next }: RecentValues, into: Float64Array): void {
  into.set(values.subarray(next));
  into.set(values.subarray(0, next), values.length - next);
}

/** Of features of two instruments. */
export const PAIR_INTERVAL = duration({ default: 1_000, says: 'time between two prices' });

export function pairWindow(least: number, byDefault = 300) {
  return wholeNumber('intervals', { default: byDefault, says: 'window', least, most: 10_000 });
}

/** Log returns between prices whose logarithms these are. */
export function logReturns(logs: Float64Array): Float64Array {
  return Float64Array.from({ length: logs.length - 1 }, (_, n) => logs[n + 1]! - logs[n]!);
}
