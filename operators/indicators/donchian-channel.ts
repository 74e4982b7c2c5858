import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { createPriceChannel, isChannelFull, type PriceChannel, pushPriceChannel } from './price-channel.ts';

/** In the unit of the price. */
export interface DonchianChannel {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

/**
 * Donchian channel: highest high and lowest low of the last `period` bars, this one included, and their mean.
 *
 * Speaks from bar `period` on.
 * @throws RangeError for an impossible `period`
 */
export function donchianChannel({
  period,
}: {
  readonly period: number;
}): Projection<Candle, PriceChannel, DonchianChannel> {
  checkPeriod('donchianChannel', 'period', period);
  return {
    initialState: () => createPriceChannel(period),
    evolve: (state, candle) => {
      pushPriceChannel(state, candle);
      return state;
    },
    project: (state) => {
      if (!isChannelFull(state)) return undefined;
      const { lowest, highest } = state;
      return { lower: lowest, middle: (lowest + highest) / 2, upper: highest };
    },
  };
}
