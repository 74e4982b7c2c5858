import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { InputOf } from './feature-input.ts';
import { type OfTradeWindowState, ofTradeWindow } from './of-trade-window.ts';

/** Trades by the side of the taker. */
export interface TradesBySide {
  readonly buy: number;
  readonly sell: number;
}

/**
 * Number of trades in the last `windowMs` in which the taker bought, and in which it sold. One taker order at one price
 * is one trade, however many orders it met (aggTrade); in a recording of the `trade` channel alone each match is one.
 *
 * Speaks from `windowMs` after the first trade on, 0 where nothing traded; a gap of the trades starts it anew.
 * @see Jones, Kaul & Lipson (1994), "Transactions, Volume, and Volatility", Review of Financial Studies 7(4).
 */
export function tradeCount({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<InputOf<'trade' | 'gap' | 'sample'>, OfTradeWindowState, TradesBySide> {
  return ofTradeWindow(
    windowMs,
    1,
    ({ aggressorSide }) => [aggressorSide === 'buy' ? 1 : 0],
    (sums, trades) => ({ buy: sums[0]!, sell: trades - sums[0]! }),
  );
}

export const TRADE_COUNT = defineFeature({
  name: 'trade_count',
  version: 1,
  title: 'Number of trades',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window' }) },
  outputs: {
    buy: { unit: 'count', range: [0, null], says: 'trades in which the taker bought' },
    sell: { unit: 'count', range: [0, null], says: 'trades in which the taker sold' },
  },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a trade' }),
  formula: 'number of trades of each side of the taker',
  source: 'Jones, Kaul & Lipson (1994), Review of Financial Studies 7(4)',
  create: tradeCount,
});
