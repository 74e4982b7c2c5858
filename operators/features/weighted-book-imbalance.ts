import type { BookBreak } from '../book/book-break.ts';
import { imbalanceOf } from './book-imbalance.ts';
import { defineFeature, type FeatureFold, realNumber, wholeNumber } from './definition.ts';
import { depthWithinLevels } from './depth-levels.ts';
import type { DepthView } from './feature-input.ts';
import { type OfDepthState, ofDepth } from './of-depth.ts';

/**
 * Imbalance of the `levels` best levels, each of which counts less than the one before it by the factor e^−`decay`;
 * from −1 (all asked) to 1 (all bid).
 *
 * (Σ w_i·Q_b,i − Σ w_i·Q_a,i) / (Σ w_i·Q_b,i + Σ w_i·Q_a,i), w_i = e^(−decay·(i − 1))
 *
 * With a decay of 0 it is `bookImbalance`. Speaks of every valid book; a break of the book silences it until the next.
 * @see Cartea, Jaimungal & Penalva (2015), "Algorithmic and High-Frequency Trading", chapter 12, for the imbalance.
 */
export function weightedBookImbalance({
  levels,
  decay,
}: {
  readonly levels: number;
  readonly decay: number;
}): FeatureFold<DepthView | BookBreak, OfDepthState<number>> {
  const weights = Float64Array.from({ length: levels }, (_, n) => Math.exp(-decay * n));
  const depth = depthWithinLevels(levels, weights);
  return ofDepth(({ bids, asks }) => imbalanceOf(depth(bids), depth(asks)));
}

export const WEIGHTED_BOOK_IMBALANCE = defineFeature({
  name: 'weighted_book_imbalance',
  version: 1,
  title: 'Weighted book imbalance',
  group: 'book',
  inputs: ['depthView', 'bookBreak'],
  parameters: {
    levels: wholeNumber('levels', { default: 10, says: 'best levels of each side', most: 1_000 }),
    decay: realNumber('', { default: 0.5, least: 0, most: 10, says: 'how much less each further level counts' }),
  },
  outputs: { '': { unit: 'ratio', range: [-1, 1], says: 'positive: more is bid than asked, near prices above all' } },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: '(Σ w_i·Q_b,i − Σ w_i·Q_a,i) / (Σ w_i·Q_b,i + Σ w_i·Q_a,i), w_i = e^(−decay·(i − 1))',
  source: 'after Cartea, Jaimungal & Penalva (2015), Algorithmic and High-Frequency Trading, chapter 12',
  create: weightedBookImbalance,
});
