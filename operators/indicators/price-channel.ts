import { createRollingMaximum, pushRollingMaximum, type RollingMaximum } from '../rolling/rolling-extreme.ts';
import type { Candle } from './candle.ts';

/** Highest high and lowest low of the last bars. Plain data. */
export interface PriceChannel {
  readonly highs: RollingMaximum;
  /** Of the negative lows. */
  readonly lows: RollingMaximum;
  highest: number;
  lowest: number;
}

export function createPriceChannel(period: number): PriceChannel {
  return { highs: createRollingMaximum(period), lows: createRollingMaximum(period), highest: -0, lowest: -0 };
}

export function pushPriceChannel(channel: PriceChannel, { high, low }: Candle): void {
  channel.highest = pushRollingMaximum(channel.highs, high);
  channel.lowest = -pushRollingMaximum(channel.lows, -low);
}

/** Whether as many bars came as it reaches back. */
export function isChannelFull({ highs }: PriceChannel): boolean {
  return highs.pushed >= highs.size;
}
