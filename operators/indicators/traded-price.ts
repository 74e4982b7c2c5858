import { addToExactSum, createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import type { Candle } from './candle.ts';
import { typicalPriceTimes3 } from './typical-price.ts';

/** Sums from which the mean price of what was traded comes. Plain data. */
export interface TradedPrice {
  /** Of three typical prices × volume, each rounded. */
  readonly value: ExactSum;
  readonly volume: ExactSum;
}

export function createTradedPrice(): TradedPrice {
  return { value: createExactSum(), volume: createExactSum() };
}

export function clearTradedPrice({ value, volume }: TradedPrice): void {
  value.high = 0;
  value.low = 0;
  volume.high = 0;
  volume.low = 0;
}

export function valueTimes3(candle: Candle): number {
  return typicalPriceTimes3(candle) * candle.volume;
}

export function addToTradedPrice({ value, volume }: TradedPrice, candle: Candle): void {
  addToExactSum(value, valueTimes3(candle));
  addToExactSum(volume, candle.volume);
}

/** Adds a bar, and takes one away of which the value and the volume are given. */
export function exchangeInTradedPrice(price: TradedPrice, candle: Candle, value: number, volume: number): void {
  exchangeInExactSum(price.value, valueTimes3(candle), value);
  exchangeInExactSum(price.volume, candle.volume, volume);
}

/** @returns undefined where nothing was traded */
export function meanTradedPrice({ value, volume }: TradedPrice): number | undefined {
  return volume.high === 0 ? undefined : value.high / volume.high / 3;
}
