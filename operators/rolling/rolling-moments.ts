import { createExactSum, type ExactSum, exchangeInExactSum } from './exact-sum.ts';
import { productError, squareError } from './product-error.ts';
import { createRecentValues, pushRecentValue, type RecentValues, recentValue } from './recent-values.ts';

/** Up to here doubles hold every whole number. */
const WHOLE_MAX = 2 ** 53;

/** Mean and variance of the last `size` numbers, in constant time and without drift. Plain data. */
export interface RollingMoments {
  readonly recent: RecentValues;
  readonly sum: ExactSum;
  readonly squares: ExactSum;
  /** How many of the last numbers are the same: where it is all of them the sums need not say so to the last digit. */
  same: number;
}

export function createRollingMoments(size: number): RollingMoments {
  return { recent: createRecentValues(size), sum: createExactSum(), squares: createExactSum(), same: 0 };
}

/** @returns the number that it takes the place of; 0 while there is room */
export function pushRollingMoments(moments: RollingMoments, value: number): number {
  const { recent, sum, squares } = moments;
  moments.same = value === recentValue(recent, 1) ? Math.min(moments.same + 1, recent.values.length) : 1;
  const oldest = pushRecentValue(recent, value);
  exchangeInExactSum(sum, value, oldest);
  const rest = squareError(value) - squareError(oldest);
  exchangeInExactSum(squares, value * value, oldest * oldest, rest);
  return oldest;
}

export function isMoving({ recent, same }: RollingMoments): boolean {
  return same < recent.count;
}

export function rollingMean({ recent, sum }: RollingMoments): number {
  return sum.high / recent.count;
}

/** How far a number is above the mean: more exact than with the mean, which is rounded. */
export function aboveRollingMean(moments: RollingMoments, value: number): number {
  const mean = rollingMean(moments);
  return value - mean - roundedAway(moments.recent.count, mean, moments.sum) / moments.recent.count;
}

/** What is left of a sum when n times its rounded mean is taken away. */
function roundedAway(n: number, mean: number, sum: ExactSum): number {
  return sum.high - n * mean - productError(n, mean) + sum.low;
}

/**
 * Sum of (x − mean of x)(y − mean of y) of n pairs: Σxy − mΣy − m′(Σx − nm), whose terms are some 10^8 times as large where
 * prices are, which is why twice the precision is kept up to here.
 */
export function sumOfProductsAboveMeans(n: number, sumX: ExactSum, sumY: ExactSum, products: ExactSum): number {
  // Of whole numbers, such as ticks, n·Σxy − Σx·Σy holds in a double as long as it is not too large.
  const scaled = n * products.high;
  if (products.low === 0 && sumX.low === 0 && sumY.low === 0 && Math.abs(scaled) <= WHOLE_MAX)
    if (Number.isInteger(scaled) && Number.isInteger(sumX.high) && Number.isInteger(sumY.high)) {
      const crossed = sumX.high * sumY.high;
      if (Math.abs(crossed) <= WHOLE_MAX) return (scaled - crossed) / n;
    }
  const meanX = sumX.high / n;
  const meanY = sumY.high / n;
  const product = meanX * sumY.high;
  const low = products.low - productError(meanX, sumY.high) - meanX * sumY.low;
  return products.high - product + (low - meanY * roundedAway(n, meanX, sumX));
}

/** Sum of squared distances from the mean. */
export function squaredDistances(moments: RollingMoments): number {
  const { recent, sum, squares } = moments;
  return isMoving(moments) ? Math.max(0, sumOfProductsAboveMeans(recent.count, sum, sum, squares)) : 0;
}

/** Of the population: over n, not n − 1. */
export function rollingVariance(moments: RollingMoments): number {
  return squaredDistances(moments) / moments.recent.count;
}
