import type { Candle } from './candle.ts';

/**
 * How far the price went in a bar, in its unit, a jump from the close before it included: max(H, C′) − min(L, C′).
 * @param lastClose NaN before the first bar
 * @see Wilder (1978), "New Concepts in Technical Trading Systems", section III.
 */
export function trueRange({ high, low }: Candle, lastClose: number): number {
  const top = lastClose > high ? lastClose : high;
  const bottom = lastClose < low ? lastClose : low;
  return top - bottom;
}
