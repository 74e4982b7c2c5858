import { realizedVariance } from './bipower-variation.ts';
import { defineFeature, duration, wholeNumber } from './definition.ts';
import { ofMidReturns } from './of-mid-returns.ts';

/**
 * Realised kurtosis of log returns: 3 for those of a random walk, larger where few moves made up most of the variance.
 * undefined where nothing moved.
 *
 * n · Σ r_i⁴ / (Σ r_i²)²
 *
 * As a feature it is of the midprice over the last `samples` intervals, and speaks once they are there.
 * @see Amaya, Christoffersen, Jacobs & Vasquez (2015), "Does realized skewness predict the cross-section of equity
 * returns?", J. Financial Economics 118(1).
 */
export function realizedKurtosis(returns: Float64Array): number | undefined {
  const variance = realizedVariance(returns);
  let fourths = 0;
  for (const logReturn of returns) fourths += logReturn ** 4;
  return variance > 0 ? (returns.length * fourths) / variance ** 2 : undefined;
}

export const REALIZED_KURTOSIS = defineFeature({
  name: 'realized_kurtosis',
  version: 1,
  title: 'Realised kurtosis',
  group: 'volatility',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {
    intervalMs: duration({ default: 1_000, says: 'time between two midprices' }),
    samples: wholeNumber('intervals', { default: 60, says: 'window', least: 2, most: 100_000 }),
  },
  outputs: { '': { unit: 'ratio', range: [1, null], says: 'large: few moves made up most of the variance' } },
  warmUp: ({ intervalMs, samples }) => ({
    count: intervalMs * (samples + 1),
    of: 'ms',
    also: 'a valid book whose midprice moved',
  }),
  formula: 'n·Σ r_i⁴ / (Σ r_i²)²',
  source: 'Amaya, Christoffersen, Jacobs & Vasquez (2015), J. Financial Economics 118(1)',
  create: (options) => ofMidReturns(options, realizedKurtosis),
});
