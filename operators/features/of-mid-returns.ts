import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import {
  clearTimedIntervals,
  createTimedIntervals,
  passIntervals,
  type TimedIntervals,
} from '../rolling/timed-intervals.ts';
import type { FeatureFold, FeatureValue } from './definition.ts';
import { midprice } from './midprice.ts';

/** Plain data. */
export interface OfMidReturnsState<Value extends FeatureValue> {
  readonly intervals: TimedIntervals;
  midprice: number;
  /** Midprice at the end of the interval before; NaN before it. */
  lastClose: number;
  returns: RecentValues;
  /** null: nothing. */
  said: Value | null;
}

/**
 * A feature of the log returns of the midprice over the last `samples` intervals, the same as those of
 * `realizedVolatility`: an interval's midprice is its last one, one without a quote keeps that before, and they are
 * counted from the epoch. Speaks once the returns are there; a break of the book starts it anew.
 * @param value of the returns, oldest first
 */
export function ofMidReturns<Value extends FeatureValue>(
  options: { readonly intervalMs: number; readonly samples: number },
  value: (returns: Float64Array) => Value | undefined,
): FeatureFold<TopOfBook | BookBreak, OfMidReturnsState<Value>, Value> {
  const { intervalMs, samples } = options;
  // Written anew by each use.
  const inOrder = new Float64Array(samples);

  function endInterval(state: OfMidReturnsState<Value>): void {
    if (!Number.isNaN(state.lastClose)) pushRecentValue(state.returns, Math.log(state.midprice / state.lastClose));
    state.lastClose = state.midprice;
  }

  function say({ returns: { values, next, count } }: OfMidReturnsState<Value>): Value | null {
    if (count < samples) return null;
    for (let n = 0; n < samples; n++) inOrder[n] = values[next + n < samples ? next + n : next + n - samples]!;
    return value(inOrder) ?? null;
  }

  return {
    initialState: () => ({
      intervals: createTimedIntervals(intervalMs),
      midprice: Number.NaN,
      lastClose: Number.NaN,
      returns: createRecentValues(samples),
      said: null,
    }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') {
        clearTimedIntervals(state.intervals);
        state.lastClose = Number.NaN;
        state.returns = createRecentValues(samples);
        state.said = null;
        return state;
      }
      const before = state.intervals.current;
      passIntervals(state.intervals, event.transactionTimeMs, samples, () => endInterval(state));
      if (before >= 0 && before < state.intervals.current) state.said = say(state);
      state.midprice = midprice(event);
      return state;
    },
    project: ({ said }) => said ?? undefined,
  };
}
