import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface SmaState {
  readonly recent: RecentValues;
  readonly sum: ExactSum;
}

/**
 * Simple moving average, in the unit of the input: the mean of the last `period` inputs.
 *
 * Speaks from input `period` on. The same wherever it began, because the sum does not drift.
 * @throws RangeError for an impossible `period`
 */
export function sma(options: { readonly period: number }): Projection<number, SmaState, number> {
  const { period } = options;
  checkPeriod('sma', 'period', period);
  return {
    initialState: () => ({ recent: createRecentValues(period), sum: createExactSum() }),
    evolve: (state, value) => {
      exchangeInExactSum(state.sum, value, pushRecentValue(state.recent, value));
      return state;
    },
    project: ({ recent, sum }) => (recent.count === period ? sum.high / period : undefined),
  };
}
