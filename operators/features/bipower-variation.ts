import { defineFeature, duration, wholeNumber } from './definition.ts';
import { ofMidReturns } from './of-mid-returns.ts';

/**
 * Bipower variation of log returns, oldest first: the variance over their time that is left when jumps are left out,
 * since a jump meets a small return on either side.
 *
 * π/2 · n/(n − 1) · Σ |r_i|·|r_{i−1}|, i = 2…n; the factor n/(n − 1) is for the product that is one fewer than returns
 *
 * As a feature it is of the midprice over the last `samples` intervals, not annualised, and speaks once they are there.
 * @see Barndorff-Nielsen & Shephard (2004), "Power and Bipower Variation with Stochastic Volatility and Jumps", J.
 * Financial Econometrics 2(1); Huang & Tauchen (2005), J. Financial Econometrics 3(4), for the factor.
 */
export function bipowerVariation(returns: Float64Array): number {
  const n = returns.length;
  let sum = 0;
  for (let i = 1; i < n; i++) sum += Math.abs(returns[i]! * returns[i - 1]!);
  return (Math.PI / 2) * (n / (n - 1)) * sum;
}

/** Σ r_i². */
export function realizedVariance(returns: Float64Array): number {
  let sum = 0;
  for (const logReturn of returns) sum += logReturn * logReturn;
  return sum;
}

export const BIPOWER_VARIATION = defineFeature({
  name: 'bipower_variation',
  version: 1,
  title: 'Bipower variation',
  group: 'volatility',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {
    intervalMs: duration({ default: 1_000, says: 'time between two midprices' }),
    samples: wholeNumber('intervals', { default: 60, says: 'window', least: 2, most: 100_000 }),
  },
  outputs: { '': { unit: 'variance', range: [0, null], says: 'of the midprice over the window, without jumps' } },
  warmUp: ({ intervalMs, samples }) => ({ count: intervalMs * (samples + 1), of: 'ms', also: 'a valid book' }),
  formula: 'π/2 · n/(n − 1) · Σ |r_i|·|r_{i−1}|, r_i log returns of the midprice at the ends of intervals',
  source:
    'Barndorff-Nielsen & Shephard (2004), J. Financial Econometrics 2(1); ' +
    'Huang & Tauchen (2005), J. Financial Econometrics 3(4), for n/(n − 1)',
  create: (options) => ofMidReturns(options, bipowerVariation),
});
