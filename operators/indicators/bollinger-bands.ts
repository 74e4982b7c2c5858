import type { Projection } from '../fold.ts';
import {
  createRollingMoments,
  pushRollingMoments,
  type RollingMoments,
  rollingMean,
  rollingVariance,
} from '../rolling/rolling-moments.ts';
import { checkPeriod, checkPositive } from './period.ts';

/** A mean, and how far from it the input usually lies. */
export interface BollingerBands {
  /** In the unit of the input. */
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
  /** (upper − lower) / middle, a ratio. */
  readonly width: number;
  /** Where the input lies: 0 at the lower band, 1 at the upper, beyond them outside; 0.5 where the bands are one line. */
  readonly percentB: number;
}

/**
 * Bollinger bands: the mean of the last `period` inputs, and `deviations` standard deviations (of the population) to
 * both sides of it.
 *
 * Speaks from input `period` on, and is silent where the mean is 0, of which the width is no share.
 * @throws RangeError for an impossible `period`, or `deviations` that are not above 0
 * @see Bollinger (2002), "Bollinger on Bollinger Bands", McGraw-Hill.
 */
export function bollingerBands(options: {
  readonly period: number;
  readonly deviations: number;
}): Projection<number, RollingMoments, BollingerBands> {
  const { period, deviations } = options;
  checkPeriod('bollingerBands', 'period', period);
  checkPositive('bollingerBands', 'deviations', deviations);
  return {
    initialState: () => createRollingMoments(period),
    evolve: (state, value) => {
      pushRollingMoments(state, value);
      return state;
    },
    project: (state, value) => {
      if (state.recent.count < period) return undefined;
      const middle = rollingMean(state);
      if (middle === 0) return undefined;
      const distance = deviations * Math.sqrt(rollingVariance(state));
      const percentB = distance === 0 ? 0.5 : (value - middle + distance) / (2 * distance);
      return { lower: middle - distance, middle, upper: middle + distance, width: (2 * distance) / middle, percentB };
    },
  };
}
