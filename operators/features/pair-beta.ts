import { comoments, correlationOf } from './comoments.ts';
import { defineFeature } from './definition.ts';
import { logReturns, ofPair, PAIR_INPUTS, PAIR_INTERVAL, pairWindow } from './of-pair.ts';

/** How this instrument moves with the other. */
export interface PairBeta {
  readonly beta: number;
  /** undefined where this instrument did not move. */
  readonly correlation: number | undefined;
}

/**
 * Beta of this instrument to the other, and their correlation, of log returns over the last `samples` intervals. undefined
 * where the other did not move.
 *
 * cov(r₁, r₂) / var(r₂); cov(r₁, r₂) / (σ₁·σ₂)
 * @see Sharpe (1964), "Capital Asset Prices", J. Finance 19(3).
 */
export function pairBeta(own: Float64Array, other: Float64Array): PairBeta | undefined {
  const returns = own.length - 1;
  const moments = comoments(logReturns(other), 0, logReturns(own), 0, returns);
  if (!(moments.squaresX > 0)) return undefined;
  return { beta: moments.products / moments.squaresX, correlation: correlationOf(moments) };
}

export const PAIR_BETA = defineFeature({
  name: 'pair_beta',
  version: 1,
  title: 'Beta to another instrument',
  group: 'cross',
  inputs: PAIR_INPUTS,
  parameters: { intervalMs: PAIR_INTERVAL, samples: pairWindow(2) },
  outputs: {
    beta: { unit: 'ratio', range: [null, null], says: 'log return of this instrument for one of the other' },
    correlation: { unit: 'ratio', range: [-1, 1], says: 'of the log returns of both' },
  },
  warmUp: ({ intervalMs, samples }) => ({
    count: intervalMs * (samples + 1),
    of: 'ms',
    also: 'valid books of both, and a midprice of the other that moved',
  }),
  formula: 'cov(r₁, r₂) / var(r₂); cov(r₁, r₂) / (σ₁·σ₂)',
  source: 'Sharpe (1964), J. Finance 19(3)',
  create: ({ intervalMs, samples }) => ofPair({ intervalMs, prices: samples + 1 }, pairBeta),
});
