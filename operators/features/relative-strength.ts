import { defineFeature } from './definition.ts';
import { ofPair, PAIR_INPUTS, PAIR_INTERVAL, pairWindow } from './of-pair.ts';

/**
 * Relative strength: log return of this instrument less that of the other, over the last `samples` intervals; positive
 * where this one rose more, or fell less.
 *
 * ln(m₁(t) / m₁(t−n)) − ln(m₂(t) / m₂(t−n))
 * @see Levy (1967), "Relative Strength as a Criterion for Investment Selection", J. Finance 22(4), who compares ratios of
 * prices.
 */
export function relativeStrength(own: Float64Array, other: Float64Array): number {
  const last = own.length - 1;
  return own[last]! - own[0]! - (other[last]! - other[0]!);
}

export const RELATIVE_STRENGTH = defineFeature({
  name: 'relative_strength',
  version: 1,
  title: 'Relative strength to another instrument',
  group: 'cross',
  inputs: PAIR_INPUTS,
  parameters: { intervalMs: PAIR_INTERVAL, samples: pairWindow(1) },
  outputs: {
    '': { unit: 'logReturn', range: [null, null], says: 'positive: this instrument rose more than the other' },
  },
  warmUp: ({ intervalMs, samples }) => ({
    count: intervalMs * (samples + 1),
    of: 'ms',
    also: 'valid books of both',
  }),
  formula: 'ln(m₁(t) / m₁(t−n)) − ln(m₂(t) / m₂(t−n))',
  source: 'Levy (1967), J. Finance 22(4), as a difference of log returns',
  create: ({ intervalMs, samples }) => ofPair({ intervalMs, prices: samples + 1 }, relativeStrength),
});
