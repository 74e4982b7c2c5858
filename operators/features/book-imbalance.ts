import type { BookBreak } from '../book/book-break.ts';
import { defineFeature, type FeatureFold, wholeNumber } from './definition.ts';
import { depthWithinLevels } from './depth-levels.ts';
import type { DepthView } from './feature-input.ts';
import { type OfDepthState, ofDepth } from './of-depth.ts';

/**
 * Imbalance of the quantity within the `levels` best levels, from −1 (all asked) to 1 (all bid).
 *
 * (ΣQ_b − ΣQ_a) / (ΣQ_b + ΣQ_a)
 *
 * Of the levels that there are, where a side has fewer. Speaks of every valid book; a break of the book silences it
 * until the next.
 * @see Cao, Hansch & Wang (2009), "The Information Content of an Open Limit-Order Book", J. Futures Markets 29(1).
 */
export function bookImbalance({
  levels,
}: {
  readonly levels: number;
}): FeatureFold<DepthView | BookBreak, OfDepthState<number>> {
  const depth = depthWithinLevels(levels);
  return ofDepth(({ bids, asks }) => imbalanceOf(depth(bids), depth(asks)));
}

/** From −1 (all asked) to 1 (all bid); undefined where there is nothing. */
export function imbalanceOf(bid: number, ask: number): number | undefined {
  const total = bid + ask;
  return total > 0 ? (bid - ask) / total : undefined;
}

export const BOOK_IMBALANCE = defineFeature({
  name: 'book_imbalance',
  version: 1,
  title: 'Book imbalance',
  group: 'book',
  inputs: ['depthView', 'bookBreak'],
  parameters: { levels: wholeNumber('levels', { default: 5, says: 'best levels of each side', most: 1_000 }) },
  outputs: { '': { unit: 'ratio', range: [-1, 1], says: 'positive: more is bid within the levels than asked' } },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: '(ΣQ_b − ΣQ_a) / (ΣQ_b + ΣQ_a) over the n best levels',
  source: 'after Cao, Hansch & Wang (2009), J. Futures Markets 29(1)',
  create: bookImbalance,
});
