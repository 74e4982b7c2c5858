import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { InputOf } from './feature-input.ts';
import { type OfTradeWindowState, ofTradeWindow } from './of-trade-window.ts';

/**
 * Trades per second in the last `windowMs`, counted as by `tradeCount`.
 *
 * Speaks from `windowMs` after the first trade on, 0 where nothing traded; a gap of the trades starts it anew.
 * @see Bauwens & Hautsch (2009), "Modelling Financial High Frequency Data Using Point Processes", Handbook of Financial
 * Time Series, section 2.
 */
export function tradeIntensity({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<InputOf<'trade' | 'gap' | 'sample'>, OfTradeWindowState> {
  return ofTradeWindow(
    windowMs,
    0,
    () => [],
    (_, trades) => (trades * 1_000) / windowMs,
  );
}

export const TRADE_INTENSITY = defineFeature({
  name: 'trade_intensity',
  version: 1,
  title: 'Trade intensity',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window' }) },
  outputs: { '': { unit: 'perSecond', range: [0, null], says: 'trades that came in the window' } },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a trade' }),
  formula: 'number of trades / window',
  source: 'Bauwens & Hautsch (2009), Handbook of Financial Time Series, section 2',
  create: tradeIntensity,
});
