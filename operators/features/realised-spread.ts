import { defineFeature, duration } from './definition.ts';
import { ofTradeCosts } from './trade-costs.ts';

/**
 * Realised spread of a trade, in the unit of its prices: 2·D·(p − m_{t+τ}), D 1 where the taker bought and −1 where it
 * sold, m_{t+τ} the midprice τ after it. What the maker keeps of the effective spread; negative where the price went on
 * in the taker's direction by more.
 *
 * As a feature it is the mean by quantity over the trades whose τ ended in the last `windowMs`, in ticks, and as a part
 * of the midprice at the trade. It looks at no future: it speaks of a trade once τ has passed. So from `delayMs +
 * windowMs` after the first trade on, while there is such a trade.
 * @see Huang & Stoll (1996), "Dealer versus auction markets", J. Financial Economics 41(3); Holden & Jacobsen (2014),
 * "Liquidity Measurement Problems in Fast, Competitive Markets", J. Finance 69(4), for the later midprice.
 */
export function realisedSpread(direction: 1 | -1, price: number, midLater: number): number {
  return 2 * direction * (price - midLater);
}

export const REALISED_SPREAD = defineFeature({
  name: 'realised_spread',
  version: 1,
  title: 'Realised spread',
  group: 'flow',
  inputs: ['topOfBook', 'bookBreak', 'trade', 'gap', 'sample'],
  parameters: {
    windowMs: duration({ default: 60_000, says: 'window' }),
    delayMs: duration({ default: 5_000, says: 'τ, after which the midprice is looked at' }),
  },
  outputs: {
    price: { unit: 'price', range: [null, null], says: 'mean by quantity; positive: makers earned' },
    bps: { unit: 'bps', range: [null, null], says: 'of the midprice, mean by quote volume; positive: makers earned' },
  },
  warmUp: ({ windowMs, delayMs }) => ({
    count: windowMs + delayMs,
    of: 'ms',
    also: 'a valid book and a trade whose τ ended in the window',
  }),
  formula: 'Σ q·2·D·(p − m_{t+τ}) / Σ q; 10⁴·Σ q·2·D·(p − m_{t+τ}) / Σ q·m_t, of trades whose τ has passed',
  source: 'Holden & Jacobsen (2014), J. Finance 69(4); after Huang & Stoll (1996), J. Financial Economics 41(3)',
  create: (options) =>
    ofTradeCosts(options, ({ direction, twicePrice, twiceMidLater }) =>
      realisedSpread(direction, twicePrice, twiceMidLater),
    ),
});
