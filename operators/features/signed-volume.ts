import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { InputOf } from './feature-input.ts';
import { type OfTradeWindowState, ofTradeWindow } from './of-trade-window.ts';

/**
 * What takers bought less what they sold in the last `windowMs`, in steps: Σ D·q, D 1 where the taker bought and −1
 * where it sold.
 *
 * Speaks from `windowMs` after the first trade on, 0 where nothing traded; a gap of the trades starts it anew.
 * @see Chordia & Subrahmanyam (2004), "Order imbalance and individual stock returns", J. Financial Economics 72(3).
 */
export function signedVolume({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<InputOf<'trade' | 'gap' | 'sample'>, OfTradeWindowState> {
  return ofTradeWindow(
    windowMs,
    1,
    ({ aggressorSide, qtySteps }) => [aggressorSide === 'buy' ? qtySteps : -qtySteps],
    (sums) => sums[0]!,
  );
}

export const SIGNED_VOLUME = defineFeature({
  name: 'signed_volume',
  version: 1,
  title: 'Signed volume',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window' }) },
  outputs: { '': { unit: 'qty', range: [null, null], says: 'positive: takers bought more than they sold' } },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a trade' }),
  formula: 'Σ D·q, D = 1 where the taker bought, −1 where it sold',
  source: 'Chordia & Subrahmanyam (2004), J. Financial Economics 72(3)',
  create: signedVolume,
});
