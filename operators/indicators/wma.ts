import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import { pushWeightedSum } from '../rolling/weighted-sum.ts';
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
      pushWeightedSum(weighted, recent, sum, value);
      exchangeInExactSum(sum, value, pushRecentValue(recent, value));
      return state;
    },
    project: ({ recent, weighted }) => (recent.count === period ? weighted.high / weights : undefined),
  };
}
