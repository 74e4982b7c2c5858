import type { Candle } from './candle.ts';

/**
 * High, low and close added up, which is three typical prices: exact in ticks, as their third is not.
 * @see Lambert (1980), "Commodity Channel Index", Commodities, October.
 */
export function typicalPriceTimes3({ high, low, close }: Candle): number {
  return high + low + close;
}
