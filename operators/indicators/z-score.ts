import type { Projection } from '../fold.ts';
import {
  aboveRollingMean,
  createRollingMoments,
  pushRollingMoments,
  type RollingMoments,
  rollingVariance,
} from '../rolling/rolling-moments.ts';
import { checkPeriod } from './period.ts';

/**
 * How many standard deviations (of the population) the input is above the mean of the last `period`, itself included:
 * without unit, between ±√(period − 1). 0 where nothing moves.
 *
 * Speaks from input `period` on. The same wherever it began.
 * @throws RangeError for an impossible `period`
 * @see Shiffler (1988), "Maximum Z Scores and Outliers", The American Statistician 42(1).
 */
export function zScore({ period }: { readonly period: number }): Projection<number, RollingMoments, number> {
  checkPeriod('zScore', 'period', period);
  return {
    initialState: () => createRollingMoments(period),
    evolve: (state, value) => {
      pushRollingMoments(state, value);
      return state;
    },
    project: (state, value) => {
      if (state.recent.count < period) return undefined;
      const deviation = Math.sqrt(rollingVariance(state));
      return deviation === 0 ? 0 : aboveRollingMean(state, value) / deviation;
    },
  };
}
