import type { Projection } from '../fold.ts';
import { pushesSinceMaximum } from '../rolling/rolling-extreme.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { createPriceChannel, isChannelFull, type PriceChannel, pushPriceChannel } from './price-channel.ts';

/** How long ago the extremes were. */
export interface Aroon {
  /** From 0 (the highest high was `period` bars ago) to 100 (it is this bar's). */
  readonly up: number;
  /** The same of the lowest low. */
  readonly down: number;
  /** up − down, from −100 to 100; positive where the high is the later one. */
  readonly oscillator: number;
}

/**
 * Aroon: 100·(period − bars since the highest high)/period, and the same of the lowest low, over this bar and the `period`
 * before it; of equal ones the last counts.
 *
 * Speaks from bar `period` + 1 on. The same wherever it began.
 * @throws RangeError for an impossible `period`
 * @see Chande (1995), "A Time Price Oscillator", Stocks & Commodities 13(9).
 */
export function aroon({ period }: { readonly period: number }): Projection<Candle, PriceChannel, Aroon> {
  checkPeriod('aroon', 'period', period);
  return {
    initialState: () => createPriceChannel(period + 1),
    evolve: (channel, candle) => {
      pushPriceChannel(channel, candle);
      return channel;
    },
    project: (channel) => {
      if (!isChannelFull(channel)) return undefined;
      const up = (100 * (period - pushesSinceMaximum(channel.highs))) / period;
      const down = (100 * (period - pushesSinceMaximum(channel.lows))) / period;
      return { up, down, oscillator: up - down };
    },
  };
}
