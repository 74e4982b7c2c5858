import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { InputOf } from './feature-input.ts';
import { type OfTradeWindowState, ofTradeWindow } from './of-trade-window.ts';
import type { TradesBySide } from './trade-count.ts';

/**
 * Quantity that takers bought, and that they sold, in the last `windowMs`, in steps.
 *
 * Speaks from `windowMs` after the first trade on, 0 where nothing traded; a gap of the trades starts it anew.
 * @see Karpoff (1987), "The Relation between Price Changes and Trading Volume: A Survey", J. Financial and Quantitative
 * Analysis 22(1).
 */
export function tradeVolume({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<InputOf<'trade' | 'gap' | 'sample'>, OfTradeWindowState, TradesBySide> {
  return ofTradeWindow(
    windowMs,
    2,
    ({ aggressorSide, qtySteps }) => (aggressorSide === 'buy' ? [qtySteps, 0] : [0, qtySteps]),
    (sums) => ({ buy: sums[0]!, sell: sums[1]! }),
  );
}

export const TRADE_VOLUME = defineFeature({
  name: 'trade_volume',
  version: 1,
  title: 'Traded volume',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window' }) },
  outputs: {
    buy: { unit: 'qty', range: [0, null], says: 'quantity that takers bought' },
    sell: { unit: 'qty', range: [0, null], says: 'quantity that takers sold' },
  },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a trade' }),
  formula: 'Σ q of each side of the taker',
  source: 'Karpoff (1987), J. Financial and Quantitative Analysis 22(1)',
  create: tradeVolume,
});
