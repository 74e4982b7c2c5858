import { createExactSum, type ExactSum, exchangeInExactSum } from './exact-sum.ts';
import { productError } from './product-error.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from './recent-values.ts';

/** Mean and variance of the last `size` numbers, in constant time and without drift. Plain data. */
export interface RollingMoments {
  readonly recent: RecentValues;
  readonly sum: ExactSum;
  readonly squares: ExactSum;
}

export function createRollingMoments(size: number): RollingMoments {
  return { recent: createRecentValues(size), sum: createExactSum(), squares: createExactSum() };
}

export function pushRollingMoments({ recent, sum, squares }: RollingMoments, value: number): void {
  const oldest = pushRecentValue(recent, value);
  exchangeInExactSum(sum, value, oldest);
  const rest = productError(value, value) - productError(oldest, oldest);
  exchangeInExactSum(squares, value * value, oldest * oldest, rest);
}

export function rollingMean({ recent, sum }: RollingMoments): number {
  return sum.high / recent.count;
}

/**
 * Sum of squared distances from the mean: Σx² − mΣx − m(Σx − nm), whose terms are some 10^8 times as large where prices
 * are, which is why twice the precision is kept up to here.
 */
function squaredDistances(moments: RollingMoments): number {
  const { recent, sum, squares } = moments;
  const n = recent.count;
  const mean = rollingMean(moments);
  const product = mean * sum.high;
  const low = squares.low - productError(mean, sum.high) - mean * sum.low;
  const rest = sum.high - n * mean - productError(n, mean) + sum.low;
  return Math.max(0, squares.high - product + (low - mean * rest));
}

/** Of the population: over n, not n − 1. */
export function rollingVariance(moments: RollingMoments): number {
  return squaredDistances(moments) / moments.recent.count;
}
