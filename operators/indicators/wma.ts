import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { productError } from '../rolling/product-error.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface WmaState {
  readonly recent: RecentValues;
  readonly sum: ExactSum;
  /** Of input × weight, the newest weighing `period`. */
  readonly weighted: ExactSum;
}

/**
 * Linearly weighted moving average, in the unit of the input: the newest of the last `period` inputs weighs `period`, the
 * one before one less, and so on.
 *
 * Speaks from input `period` on.
 * @throws RangeError for an impossible `period`
 */
export function wma(options: { readonly period: number }): Projection<number, WmaState, number> {
  const { period } = options;
  checkPeriod('wma', 'period', period);
  const weights = (period * (period + 1)) / 2;
  return {
    initialState: () => ({ recent: createRecentValues(period), sum: createExactSum(), weighted: createExactSum() }),
    evolve: (state, value) => {
      const { recent, sum, weighted } = state;
      // Where the window is full each input weighs one less from here on, the oldest nothing; else all stay what they are.
      const isFull = recent.count === period;
      const lost = isFull ? sum.high : 0;
      const lostRest = isFull ? sum.low : 0;
      const oldest = pushRecentValue(recent, value);
      const { count } = recent;
      exchangeInExactSum(weighted, value * count, lost, productError(value, count) - lostRest);
      exchangeInExactSum(sum, value, oldest);
      return state;
    },
    project: ({ recent, weighted }) => (recent.count === period ? weighted.high / weights : undefined),
  };
}
