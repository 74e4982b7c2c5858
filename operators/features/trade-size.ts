import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { InputOf } from './feature-input.ts';
import { type OfTradeWindowState, ofTradeWindow } from './of-trade-window.ts';

/**
 * Mean quantity of the trades of the last `windowMs`, in steps; trades are counted as by `tradeCount`.
 *
 * Speaks from `windowMs` after the first trade on, while the window holds a trade; a gap of the trades starts it anew.
 * @see Barclay & Warner (1993), "Stealth trading and volatility", J. Financial Economics 34(3).
 */
export function tradeSize({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<InputOf<'trade' | 'gap' | 'sample'>, OfTradeWindowState> {
  return ofTradeWindow(
    windowMs,
    1,
    ({ qtySteps }) => [qtySteps],
    (sums, trades) => (trades > 0 ? sums[0]! / trades : undefined),
  );
}

export const TRADE_SIZE = defineFeature({
  name: 'trade_size',
  version: 1,
  title: 'Mean trade size',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window' }) },
  outputs: { '': { unit: 'qty', range: [0, null], says: 'mean quantity of a trade' } },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a trade in the window' }),
  formula: 'Σ q / number of trades',
  source: 'Barclay & Warner (1993), J. Financial Economics 34(3)',
  create: tradeSize,
});
