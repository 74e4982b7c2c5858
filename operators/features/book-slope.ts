import type { BookBreak } from '../book/book-break.ts';
import { bestLevels, bestTick, type Ladder } from '../book/ladder.ts';
import { defineFeature, type FeatureFold, wholeNumber } from './definition.ts';
import type { DepthView } from './feature-input.ts';
import { type BidAsk, type OfDepthState, ofDepth } from './of-depth.ts';

/**
 * How fast each side of the book fills up away from the midprice, in steps per tick: the slope of a line through the
 * midprice, fitted by least squares to the quantity that has accumulated at each of the `levels` best levels.
 *
 * Σ δ_i·D_i / Σ δ_i², δ_i = |P_i − m|, D_i = Q_1 + … + Q_i
 *
 * Always positive; steep is deep. Næs and Skjeltorp's slope is of the logarithm of the quantity, which depends on the
 * unit that it is counted in. Of fewer levels where the side has fewer. Speaks of every valid book; a break of the book
 * silences it until the next.
 * @see Næs & Skjeltorp (2006), "Order book characteristics and the volume–volatility relation", J. Financial Markets
 * 9(4).
 */
export function bookSlope({
  levels,
}: {
  readonly levels: number;
}): FeatureFold<DepthView | BookBreak, OfDepthState<BidAsk>, BidAsk> {
  const ticks = new Float64Array(levels);
  const steps = new Float64Array(levels);

  function slope(ladder: Ladder, mid: number): number {
    const count = bestLevels(ladder, levels, ticks, steps);
    let depth = 0;
    let products = 0;
    let squares = 0;
    for (let n = 0; n < count; n++) {
      const distance = Math.abs(ticks[n]! - mid);
      depth += steps[n]!;
      products += distance * depth;
      squares += distance * distance;
    }
    return products / squares;
  }

  return ofDepth(({ bids, asks }) => {
    const mid = (bestTick(bids) + bestTick(asks)) / 2;
    return Number.isNaN(mid) ? undefined : { bid: slope(bids, mid), ask: slope(asks, mid) };
  });
}

export const BOOK_SLOPE = defineFeature({
  name: 'book_slope',
  version: 1,
  title: 'Slope of the book',
  group: 'book',
  inputs: ['depthView', 'bookBreak'],
  parameters: { levels: wholeNumber('levels', { default: 10, says: 'best levels of each side', most: 1_000 }) },
  outputs: {
    bid: { unit: 'qtyPerPrice', range: [0, null], says: 'how fast quantity bid accumulates below the midprice' },
    ask: { unit: 'qtyPerPrice', range: [0, null], says: 'how fast quantity asked accumulates above the midprice' },
  },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: 'Σ δ_i·D_i / Σ δ_i², δ_i = |P_i − m|, D_i = Q_1 + … + Q_i, i = 1…n',
  source: 'after Næs & Skjeltorp (2006), J. Financial Markets 9(4)',
  create: bookSlope,
});
