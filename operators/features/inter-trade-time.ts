import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { InputOf } from './feature-input.ts';
import { type OfTradeWindowState, ofTradeWindow } from './of-trade-window.ts';

/**
 * Mean time from a trade to the next, in seconds, of those that ended in the last `windowMs`. Trades of one instant are
 * 0 apart.
 *
 * Speaks from `windowMs` after the first trade on, while the window holds a trade; a gap of the trades starts it anew.
 * @see Engle & Russell (1998), "Autoregressive Conditional Duration", Econometrica 66(5).
 */
export function interTradeTime({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<InputOf<'trade' | 'gap' | 'sample'>, OfTradeWindowState> {
  return ofTradeWindow(
    windowMs,
    1,
    (_, pauseMs) => [pauseMs],
    (sums, trades) => (trades > 0 ? sums[0]! / trades / 1_000 : undefined),
  );
}

export const INTER_TRADE_TIME = defineFeature({
  name: 'inter_trade_time',
  version: 1,
  title: 'Mean time between trades',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window' }) },
  outputs: { '': { unit: 'seconds', range: [0, null], says: 'mean time from a trade to the next' } },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a trade in the window' }),
  formula: 'Σ (t_i − t_{i−1}) / number of trades',
  source: 'Engle & Russell (1998), Econometrica 66(5)',
  create: interTradeTime,
});
