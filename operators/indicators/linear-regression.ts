import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum } from '../rolling/exact-sum.ts';
import { timesError } from '../rolling/product-error.ts';
import {
  createRollingMoments,
  pushRollingMoments,
  type RollingMoments,
  rollingMean,
  squaredDistances,
} from '../rolling/rolling-moments.ts';
import { pushWeightedSum } from '../rolling/weighted-sum.ts';
import { checkPeriod } from './period.ts';

/** The straight line through the last inputs. */
export interface LinearRegression {
  /** In the unit of the input per input; positive while it rises. */
  readonly slope: number;
  /** The line at the oldest input of the window, in the unit of the input. */
  readonly intercept: number;
  /** The line at this input. */
  readonly value: number;
  /** Share of the variance that the line explains, from 0 to 1; 0 where nothing moves. */
  readonly r2: number;
}

/** Plain data. */
export interface LinearRegressionState {
  readonly moments: RollingMoments;
  /** Of input × place, the newest being in place `period`. */
  readonly weighted: ExactSum;
}

/**
 * Linear regression of the last `period` inputs on their places: the line with the least squared distance from them.
 *
 * slope = 12·Σ(i − (n + 1)/2)·xᵢ / (n(n² − 1)), through the mean in the middle. What it expects of the next input is
 * value + slope. Speaks from input `period` on. The same wherever it began.
 * @throws RangeError for a `period` below 2
 * @see Draper & Smith (1998), "Applied Regression Analysis", chapter 1, Wiley.
 */
export function linearRegression({
  period,
}: {
  readonly period: number;
}): Projection<number, LinearRegressionState, LinearRegression> {
  checkPeriod('linearRegression', 'period', period, 2);
  const middle = (period + 1) / 2;
  const reach = (period - 1) / 2;
  const squaredPlaces = (period * (period * period - 1)) / 12;
  return {
    initialState: () => ({ moments: createRollingMoments(period), weighted: createExactSum() }),
    evolve: (state, value) => {
      const { moments, weighted } = state;
      pushWeightedSum(weighted, moments.recent, moments.sum, value);
      pushRollingMoments(moments, value);
      return state;
    },
    project: ({ moments, weighted }) => {
      if (moments.recent.count < period) return undefined;
      const { sum } = moments;
      const squares = squaredDistances(moments);
      const rest = weighted.low - timesError(sum.high, middle) - middle * sum.low;
      const products = squares === 0 ? 0 : weighted.high - middle * sum.high + rest;
      const slope = products / squaredPlaces;
      const mean = rollingMean(moments);
      const r2 = squares === 0 ? 0 : Math.min(1, (slope * products) / squares);
      return { slope, intercept: mean - slope * reach, value: mean + slope * reach, r2 };
    },
  };
}
