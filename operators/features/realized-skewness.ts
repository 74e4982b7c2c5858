import { realizedVariance } from './bipower-variation.ts';
import { defineFeature, duration, wholeNumber } from './definition.ts';
import { ofMidReturns } from './of-mid-returns.ts';

/**
 * Realised skewness of log returns: negative where the large moves were falls. undefined where nothing moved.
 *
 * √n · Σ r_i³ / (Σ r_i²)^(3/2)
 *
 * As a feature it is of the midprice over the last `samples` intervals, and speaks once they are there.
 * @see Amaya, Christoffersen, Jacobs & Vasquez (2015), "Does realized skewness predict the cross-section of equity
 * returns?", J. Financial Economics 118(1).
 */
export function realizedSkewness(returns: Float64Array): number | undefined {
  const variance = realizedVariance(returns);
  let cubes = 0;
  for (const logReturn of returns) cubes += logReturn ** 3;
  return variance > 0 ? (Math.sqrt(returns.length) * cubes) / variance ** 1.5 : undefined;
}

export const REALIZED_SKEWNESS = defineFeature({
  name: 'realized_skewness',
  version: 1,
  title: 'Realised skewness',
  group: 'volatility',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {
    intervalMs: duration({ default: 1_000, says: 'time between two midprices' }),
    samples: wholeNumber('intervals', { default: 60, says: 'window', least: 2, most: 100_000 }),
  },
  outputs: { '': { unit: 'ratio', range: [null, null], says: 'negative: the large moves of the midprice were falls' } },
  warmUp: ({ intervalMs, samples }) => ({
    count: intervalMs * (samples + 1),
    of: 'ms',
    also: 'a valid book whose midprice moved',
  }),
  formula: '√n·Σ r_i³ / (Σ r_i²)^(3/2)',
  source: 'Amaya, Christoffersen, Jacobs & Vasquez (2015), J. Financial Economics 118(1)',
  create: (options) => ofMidReturns(options, realizedSkewness),
});
