import type { Projection } from '../fold.ts';
import { createOrderedWindow, type OrderedWindow, pushOrderedWindow, valueAtRank } from '../rolling/ordered-window.ts';
import { checkPeriod } from './period.ts';

/**
 * Quantile of the last `period` inputs, in their unit, for a `quantile` from 0 (the smallest) over 0.5 (the median) to 1
 * (the largest): between the two inputs next to it in their order on a straight line, which is type 7.
 *
 * h = (period − 1)·quantile; x₍ₖ₎ + (h − k)(x₍ₖ₊₁₎ − x₍ₖ₎) with k = ⌊h⌋, counted from 0. Speaks from input `period` on. The
 * same wherever it began.
 * @throws RangeError for an impossible `period`, or a `quantile` outside 0..1
 * @see Hyndman & Fan (1996), "Sample Quantiles in Statistical Packages", The American Statistician 50(4).
 */
export function rollingQuantile(options: {
  readonly period: number;
  readonly quantile: number;
}): Projection<number, OrderedWindow, number> {
  const { period, quantile } = options;
  checkPeriod('rollingQuantile', 'period', period);
  if (!(quantile >= 0 && quantile <= 1))
    throw new RangeError(`rollingQuantile, quantile: expected a number from 0 to 1, found ${String(quantile)}`);
  const height = (period - 1) * quantile;
  const rank = Math.floor(height);
  const share = height - rank;
  return {
    initialState: () => createOrderedWindow(period),
    evolve: (window, value) => {
      pushOrderedWindow(window, value);
      return window;
    },
    project: (window) => {
      if (window.recent.count < period) return undefined;
      const lower = valueAtRank(window, rank);
      return share === 0 ? lower : lower + share * (valueAtRank(window, rank + 1) - lower);
    },
  };
}
