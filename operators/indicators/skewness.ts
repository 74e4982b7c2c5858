import type { Projection } from '../fold.ts';
import {
  createRollingPowers,
  pushRollingPowers,
  type RollingPowers,
  rollingExcessKurtosis,
  rollingSkewness,
} from '../rolling/rolling-powers.ts';
import { checkPeriod } from './period.ts';

/**
 * Skewness of the last `period` inputs, without unit: the mean cubed distance from their mean over the cube of the
 * standard deviation, of a population, at most √period; positive where the longer tail is above the mean. 0 where nothing moves.
 *
 * Speaks from input `period` on. The same wherever it began for integers less than 2^20 apart, as prices in ticks are.
 * @throws RangeError for a `period` below 2
 * @see Joanes & Gill (1998), "Comparing Measures of Sample Skewness and Kurtosis", The Statistician 47(1): g₁.
 */
export function skewness({ period }: { readonly period: number }): Projection<number, RollingPowers, number> {
  return ofPowers('skewness', period, rollingSkewness);
}

/**
 * Excess kurtosis of the last `period` inputs, −2 or more, without unit: the mean fourth power of the distance from their
 * mean over the square of the variance, of a population, less 3; positive where the tails are heavier than those of a normal
 * distribution. 0 where nothing moves.
 *
 * Speaks, and is the same wherever it began, as the skewness is.
 * @throws RangeError for a `period` below 2
 * @see Joanes & Gill (1998), "Comparing Measures of Sample Skewness and Kurtosis", The Statistician 47(1): g₂.
 */
export function kurtosis({ period }: { readonly period: number }): Projection<number, RollingPowers, number> {
  return ofPowers('kurtosis', period, rollingExcessKurtosis);
}

function ofPowers(
  name: string,
  period: number,
  value: (powers: RollingPowers) => number,
): Projection<number, RollingPowers, number> {
  checkPeriod(name, 'period', period, 2);
  return {
    initialState: () => createRollingPowers(period),
    evolve: (state, input) => {
      pushRollingPowers(state, input);
      return state;
    },
    project: (state) => (state.recent.count < period ? undefined : value(state)),
  };
}
