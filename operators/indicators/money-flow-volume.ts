import type { Candle } from './candle.ts';

/**
 * Volume of a bar, in its unit, by where the bar closed: all of it at the high, its negative at the low, nothing in the
 * middle or where the bar has one price: volume × ((C − L) − (H − C))/(H − L).
 * @see Chaikin, in Achelis (2000), "Technical Analysis from A to Z".
 */
export function moneyFlowVolume({ high, low, close, volume }: Candle): number {
  return high === low ? 0 : ((close - low - high + close) / (high - low)) * volume;
}
