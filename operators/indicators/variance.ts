import type { Projection } from '../fold.ts';
import {
  createRollingMoments,
  pushRollingMoments,
  type RollingMoments,
  rollingVariance,
} from '../rolling/rolling-moments.ts';
import { checkPeriod } from './period.ts';

/**
 * Variance of the last `period` inputs, in the square of their unit: the mean squared distance from their mean, which is
 * that of a population (over n, not n − 1). 0 where nothing moves.
 *
 * Speaks from input `period` on. The same wherever it began.
 * @throws RangeError for an impossible `period`
 * @see Welford (1962), "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4(3).
 */
export function variance({ period }: { readonly period: number }): Projection<number, RollingMoments, number> {
  checkPeriod('variance', 'period', period);
  return {
    initialState: () => createRollingMoments(period),
    evolve: (state, value) => {
      pushRollingMoments(state, value);
      return state;
    },
    project: (state) => (state.recent.count < period ? undefined : rollingVariance(state)),
  };
}

/**
 * Standard deviation of the last `period` inputs, in their unit: the root of the variance.
 * @throws RangeError for an impossible `period`
 * @see variance
 */
export function standardDeviation({ period }: { readonly period: number }): Projection<number, RollingMoments, number> {
  checkPeriod('standardDeviation', 'period', period);
  const { initialState, evolve } = variance({ period });
  return {
    initialState,
    evolve,
    project: (state) => (state.recent.count < period ? undefined : Math.sqrt(rollingVariance(state))),
  };
}
