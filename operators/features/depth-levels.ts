import type { BookBreak } from '../book/book-break.ts';
import { bestLevels, type Ladder } from '../book/ladder.ts';
import { defineFeature, type FeatureFold, wholeNumber } from './definition.ts';
import type { DepthView } from './feature-input.ts';
import { type BidAsk, type OfDepthState, ofDepth } from './of-depth.ts';

/**
 * Quantity within the `levels` best levels of each side, in steps, of those that there are: Σ Q_i over i = 1…n.
 * Speaks of every valid book; a break of the book silences it until the next.
 * @see Biais, Hillion & Spatt (1995), "An Empirical Analysis of the Limit Order Book and the Order Flow in the Paris
 * Bourse", J. Finance 50(5).
 */
export function depthLevels({
  levels,
}: {
  readonly levels: number;
}): FeatureFold<DepthView | BookBreak, OfDepthState<BidAsk>, BidAsk> {
  const depth = depthWithinLevels(levels);
  return ofDepth(({ bids, asks }) => ({ bid: depth(bids), ask: depth(asks) }));
}

/** @returns what sums the quantity of the best levels, each times its weight where there are weights */
export function depthWithinLevels(levels: number, weights?: Float64Array): (ladder: Ladder) => number {
  // Written anew by each call, so that nothing is made for each event.
  const ticks = new Float64Array(levels);
  const steps = new Float64Array(levels);
  return (ladder) => {
    const count = bestLevels(ladder, levels, ticks, steps);
    let sum = 0;
    for (let n = 0; n < count; n++) sum += weights === undefined ? steps[n]! : steps[n]! * weights[n]!;
    return sum;
  };
}

export const DEPTH_LEVELS = defineFeature({
  name: 'depth_levels',
  version: 1,
  title: 'Depth of the best levels',
  group: 'book',
  inputs: ['depthView', 'bookBreak'],
  parameters: { levels: wholeNumber('levels', { default: 5, says: 'best levels of each side', most: 1_000 }) },
  outputs: {
    bid: { unit: 'qty', range: [0, null], says: 'quantity bid within the levels' },
    ask: { unit: 'qty', range: [0, null], says: 'quantity asked within the levels' },
  },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: 'Σ Q_i of each side, i = 1…n',
  source: 'Biais, Hillion & Spatt (1995), J. Finance 50(5)',
  create: depthLevels,
});
