import type { ClosedBar } from '../../operators/features/feature-input.ts';

/** Makes bars of a multiple of the candles' length. */
export interface BarAggregate {
  /**
   * Takes in the next candle, prices in ticks, volume in steps.
   * @returns the bar that it completes; undefined where it completes none
   */
  add(
    openTimeMs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  ): ClosedBar | undefined;
}

/**
 * Bars that begin at multiples of their length since the epoch. One of whose candles any is missing is not whole, and is not
 * given. A volume that is not known counts as 0.
 * @param barMs a multiple of `intervalMs`
 */
export function createBarAggregate(barMs: number, intervalMs: number): BarAggregate {
  const candlesABar = barMs / intervalMs;
  let openTimeMs = Number.NaN;
  let candles = 0;
  let [open, high, low, volume] = [0, 0, 0, 0];
  return {
    add(candleMs, candleOpen, candleHigh, candleLow, close, candleVolume) {
      const traded = Number.isNaN(candleVolume) ? 0 : candleVolume;
      // A remainder of doubles takes far longer than a quotient.
      const startMs = Math.floor(candleMs / barMs) * barMs;
      if (startMs === openTimeMs) {
        candles++;
        if (candleHigh > high) high = candleHigh;
        if (candleLow < low) low = candleLow;
        volume += traded;
      } else {
        openTimeMs = startMs;
        candles = 1;
        open = candleOpen;
        high = candleHigh;
        low = candleLow;
        volume = traded;
      }
      if (candles < candlesABar || candleMs + intervalMs < startMs + barMs) return undefined;
      return { type: 'bar', openTimeMs, closeTimeMs: openTimeMs + barMs, open, high, low, close, volume };
    },
  };
}
