import type { BookBreak } from '../book/book-break.ts';
import { bestTick, type Ladder } from '../book/ladder.ts';
import { defineFeature, type FeatureFold, realNumber } from './definition.ts';
import type { DepthView } from './feature-input.ts';
import { type BidAsk, type OfDepthState, ofDepth } from './of-depth.ts';

/**
 * Quantity of each side that lies within `bps` of the midprice, in steps: Σ Q_i over all i with |P_i − m| ≤ 10⁻⁴·bps·m.
 *
 * 0 where the spread alone is wider. Of a book that began with a snapshot of limited depth it counts the levels that
 * are known. Speaks of every valid book; a break of the book silences it until the next.
 * @see Degryse, de Jong & van Kervel (2015), "The Impact of Dark Trading and Visible Fragmentation on Market Quality",
 * Review of Finance 19(4), whose depth(X) is the same in the quote asset.
 */
export function depthBps({
  bps,
}: {
  readonly bps: number;
}): FeatureFold<DepthView | BookBreak, OfDepthState<BidAsk>, BidAsk> {
  return ofDepth(({ bids, asks }) => {
    const twiceMid = bestTick(bids) + bestTick(asks);
    if (Number.isNaN(twiceMid)) return undefined;
    const twiceReach = (bps * twiceMid) / 10_000;
    const bid = depthTo(bids, Math.ceil((twiceMid - twiceReach) / 2));
    return { bid, ask: depthTo(asks, Math.floor((twiceMid + twiceReach) / 2)) };
  });
}

/** Quantity from the best price to the price `worst`, which counts too; 0 where the best is beyond it. */
function depthTo({ side, base, bestSlot, window, touched, far }: Ladder, worst: number): number {
  const bound = Math.min(Math.max(worst - base, 0), window.length - 1);
  const isBid = side === 'bid';
  const first = isBid ? bound : bestSlot;
  const last = isBid ? bestSlot : bound;
  let sum = 0;
  for (let word = first >> 5; word <= last >> 5; word++) {
    // 32 slots that never had a level. Of others it is faster to read all than to ask which have one.
    if (touched[word] === 0) continue;
    const end = Math.min(last, (word << 5) + 31);
    for (let slot = Math.max(first, word << 5); slot <= end; slot++) sum += window[slot]!;
  }
  if (worst < base || worst >= base + window.length)
    for (const [tick, steps] of far) if (isBid ? tick >= worst : tick <= worst) sum += steps;
  return sum;
}

export const DEPTH_BPS = defineFeature({
  name: 'depth_bps',
  version: 1,
  title: 'Depth near the midprice',
  group: 'book',
  inputs: ['depthView', 'bookBreak'],
  parameters: { bps: realNumber('bps', { default: 10, least: 0.01, most: 1_000, says: 'distance from the midprice' }) },
  outputs: {
    bid: { unit: 'qty', range: [0, null], says: 'quantity bid within the distance' },
    ask: { unit: 'qty', range: [0, null], says: 'quantity asked within the distance' },
  },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: 'Σ Q_i of each side over |P_i − m| ≤ 10⁻⁴·bps·m',
  source: 'after Degryse, de Jong & van Kervel (2015), Review of Finance 19(4)',
  create: depthBps,
});
