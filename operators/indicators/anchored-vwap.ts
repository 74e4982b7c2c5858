import type { Projection } from '../fold.ts';
import type { TimedCandle } from './candle.ts';
import { addToTradedPrice, createTradedPrice, meanTradedPrice, type TradedPrice } from './traded-price.ts';

/**
 * Volume-weighted average price since an event, in the unit of the price: Σ t·V / ΣV with the typical price
 * t = (H + L + C)/3, over the bars that opened at `anchorMs`, ms since the Unix epoch, or later.
 *
 * Silent while these have no volume.
 * @throws RangeError for an `anchorMs` that is not a number
 * @see Shannon (2023), "Maximum Trading Gains with Anchored VWAP". Berkowitz, Logue & Noser (1988), J. Finance 43(1).
 */
export function anchoredVwap({
  anchorMs,
}: {
  readonly anchorMs: number;
}): Projection<TimedCandle, TradedPrice, number> {
  if (!Number.isFinite(anchorMs))
    throw new RangeError(`anchoredVwap, anchorMs: expected a finite number, found ${String(anchorMs)}`);
  return {
    initialState: createTradedPrice,
    evolve: (traded, candle) => {
      if (candle.openTimeMs >= anchorMs) addToTradedPrice(traded, candle);
      return traded;
    },
    project: meanTradedPrice,
  };
}
