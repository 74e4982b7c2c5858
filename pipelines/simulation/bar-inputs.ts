import type { ClosedBar, FeatureInput } from '../../operators/features/feature-input.ts';

const HOLE: FeatureInput = { type: 'gap', channel: 'aggTrade', expected: null, found: null, reason: 'disconnected' };

/**
 * Tells features of bars that were not made of trades: a bar that is missing is told as a gap of the trades, as it would be
 * live.
 */
export function createBarInputs(tell: (input: FeatureInput) => void): (bar: ClosedBar) => void {
  let closedMs = Number.NaN;
  return (bar) => {
    if (bar.openTimeMs > closedMs) tell(HOLE);
    closedMs = bar.closeTimeMs;
    tell(bar);
  };
}
