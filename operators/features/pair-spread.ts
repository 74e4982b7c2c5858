import { defineFeature } from './definition.ts';
import { ofPair, PAIR_INPUTS, PAIR_INTERVAL, pairWindow } from './of-pair.ts';

/** How far apart two instruments' prices are. */
export interface PairSpread {
  readonly logRatio: number;
  /** undefined where the ratio did not move. */
  readonly zScore: number | undefined;
}

/**
 * Spread of two instruments: logarithm of the ratio of their midprices, and how many standard deviations (of n − 1) it is
 * above its mean over the last `samples` intervals; positive where this instrument is dear.
 *
 * s = ln(m₁ / m₂); (s − mean of s) / σ_s
 * @see Gatev, Goetzmann & Rouwenhorst (2006), "Pairs Trading: Performance of a Relative-Value Arbitrage Rule", Review of
 * Financial Studies 19(3), whose spread is of normalised prices.
 */
export function pairSpread(own: Float64Array, other: Float64Array): PairSpread {
  const prices = own.length;
  let sum = 0;
  for (let n = 0; n < prices; n++) sum += own[n]! - other[n]!;
  const mean = sum / prices;
  let squares = 0;
  for (let n = 0; n < prices; n++) squares += (own[n]! - other[n]! - mean) ** 2;
  const logRatio = own[prices - 1]! - other[prices - 1]!;
  return { logRatio, zScore: squares > 0 ? (logRatio - mean) / Math.sqrt(squares / (prices - 1)) : undefined };
}

export const PAIR_SPREAD = defineFeature({
  name: 'pair_spread',
  version: 1,
  title: 'Spread to another instrument',
  group: 'cross',
  inputs: PAIR_INPUTS,
  parameters: { intervalMs: PAIR_INTERVAL, samples: pairWindow(2) },
  outputs: {
    logRatio: { unit: 'ratio', range: [null, null], says: 'logarithm of the ratio of the midprices' },
    zScore: { unit: 'deviations', range: [null, null], says: 'positive: this instrument is dearer than on average' },
  },
  warmUp: ({ intervalMs, samples }) => ({ count: intervalMs * samples, of: 'ms', also: 'valid books of both' }),
  formula: 's = ln(m₁ / m₂); (s − mean of s) / σ_s',
  source: 'Gatev, Goetzmann & Rouwenhorst (2006), Review of Financial Studies 19(3), of log prices',
  create: ({ intervalMs, samples }) => ofPair({ intervalMs, prices: samples }, pairSpread),
});
