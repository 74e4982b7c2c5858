import { bipowerVariation, realizedVariance } from './bipower-variation.ts';
import { defineFeature, duration, wholeNumber } from './definition.ts';
import { ofMidReturns } from './of-mid-returns.ts';

/** What jumps are of a variance. */
export interface JumpVariation {
  readonly variance: number;
  /** As a part of the realised variance; undefined where nothing moved. */
  readonly ratio: number | undefined;
}

/**
 * What jumps add to the variance of log returns: the realised variance less the bipower variation, at least 0, and as a
 * part of the realised variance, from 0 (no jump) to 1.
 *
 * max(0, RV − BV); max(0, RV − BV) / RV
 *
 * As a feature it is of the midprice over the last `samples` intervals, and speaks once they are there; its ratio is
 * silent while the midprice does not move.
 * @see Barndorff-Nielsen & Shephard (2004), "Power and Bipower Variation with Stochastic Volatility and Jumps", J.
 * Financial Econometrics 2(1); Huang & Tauchen (2005), J. Financial Econometrics 3(4), for the ratio.
 */
export function jumpVariation(returns: Float64Array): JumpVariation {
  const total = realizedVariance(returns);
  const variance = Math.max(0, total - bipowerVariation(returns));
  return { variance, ratio: total > 0 ? variance / total : undefined };
}

export const JUMP_VARIATION = defineFeature({
  name: 'jump_variation',
  version: 1,
  title: 'Jump variation',
  group: 'volatility',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {
    intervalMs: duration({ default: 1_000, says: 'time between two midprices' }),
    samples: wholeNumber('intervals', { default: 60, says: 'window', least: 2, most: 100_000 }),
  },
  outputs: {
    variance: { unit: 'variance', range: [0, null], says: 'of the midprice over the window, by jumps' },
    ratio: { unit: 'ratio', range: [0, 1], says: 'of the realised variance; silent where nothing moved' },
  },
  warmUp: ({ intervalMs, samples }) => ({ count: intervalMs * (samples + 1), of: 'ms', also: 'a valid book' }),
  formula: 'max(0, RV − BV); max(0, RV − BV) / RV, RV = Σ r_i²',
  source:
    'Barndorff-Nielsen & Shephard (2004), J. Financial Econometrics 2(1); ' +
    'Huang & Tauchen (2005), J. Financial Econometrics 3(4), for the ratio',
  create: (options) => ofMidReturns(options, jumpVariation),
});
