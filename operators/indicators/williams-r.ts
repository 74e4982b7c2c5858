import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { createPriceChannel, isChannelFull, type PriceChannel, pushPriceChannel } from './price-channel.ts';

/**
 * Williams %R, from −100 (the close is the lowest price of the last `period` bars) to 0 (the highest):
 * −100·(H − C)/(H − L). 0 where they have one price only.
 *
 * Speaks from bar `period` on.
 * @throws RangeError for an impossible `period`
 * @see Williams (1973), "How I Made One Million Dollars Last Year Trading Commodities".
 */
export function williamsR({ period }: { readonly period: number }): Projection<Candle, PriceChannel, number> {
  checkPeriod('williamsR', 'period', period);
  return {
    initialState: () => createPriceChannel(period),
    evolve: (state, candle) => {
      pushPriceChannel(state, candle);
      return state;
    },
    project: (state, { close }) => {
      if (!isChannelFull(state)) return undefined;
      const range = state.highest - state.lowest;
      return range === 0 ? 0 : (-100 * (state.highest - close)) / range;
    },
  };
}
