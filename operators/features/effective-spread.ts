import { defineFeature, duration } from './definition.ts';
import { ofTradeCosts } from './trade-costs.ts';

/**
 * Effective spread of a trade, in the unit of its prices: 2·D·(p − m), D 1 where the taker bought and −1 where it sold,
 * m the last midprice before it in the log. Twice of what the taker paid beyond the midprice; negative where it got
 * more, which a midprice that is late can make look so.
 *
 * As a feature it is the mean over the trades of the last `windowMs` by their quantity, in ticks, and as a part of the
 * midprice. Speaks from `windowMs` after the first trade on, while the window holds a trade.
 * @see Huang & Stoll (1996), "Dealer versus auction markets", J. Financial Economics 41(3); for the means by volume
 * Holden & Jacobsen (2014), "Liquidity Measurement Problems in Fast, Competitive Markets", J. Finance 69(4).
 */
export function effectiveSpread(direction: 1 | -1, price: number, mid: number): number {
  return 2 * direction * (price - mid);
}

export const EFFECTIVE_SPREAD = defineFeature({
  name: 'effective_spread',
  version: 1,
  title: 'Effective spread',
  group: 'flow',
  inputs: ['topOfBook', 'bookBreak', 'trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 60_000, says: 'window' }) },
  outputs: {
    price: { unit: 'price', range: [null, null], says: 'mean by quantity; positive: takers paid' },
    bps: { unit: 'bps', range: [null, null], says: 'of the midprice, mean by quote volume; positive: takers paid' },
  },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a valid book and a trade in the window' }),
  formula: 'Σ q·2·D·(p − m) / Σ q; 10⁴·Σ q·2·D·(p − m) / Σ q·m',
  source: 'Holden & Jacobsen (2014), J. Finance 69(4); after Huang & Stoll (1996), J. Financial Economics 41(3)',
  create: ({ windowMs }) =>
    ofTradeCosts({ windowMs, delayMs: 0 }, ({ direction, twicePrice, twiceMid }) =>
      effectiveSpread(direction, twicePrice, twiceMid),
    ),
});
