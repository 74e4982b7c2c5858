import { type ExactSum, exchangeInExactSum } from './exact-sum.ts';
import { timesError } from './product-error.ts';
import type { RecentValues } from './recent-values.ts';

/**
 * Takes a number into Σ weight × number, in which the newest of the last numbers weighs as much as there are, the one before
 * one less, and so on. In constant time and without drift.
 * @param recent the numbers without the new one, and `sum` theirs
 */
export function pushWeightedSum(weighted: ExactSum, recent: RecentValues, sum: ExactSum, value: number): void {
  // Where the window is full each number weighs one less from here on, the oldest nothing; else all stay what they are.
  const isFull = recent.count === recent.values.length;
  const weight = isFull ? recent.count : recent.count + 1;
  const lost = isFull ? sum.high : 0;
  const lostRest = isFull ? sum.low : 0;
  exchangeInExactSum(weighted, value * weight, lost, timesError(value, weight) - lostRest);
}
