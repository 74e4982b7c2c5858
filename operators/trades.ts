import type { MarketEvent } from '../streams/events/decoder.ts';
import type { Trade } from '../streams/events/trade.ts';
import type { Projection } from './fold.ts';

/** Plain data. */
export interface TradesState {
  hasAggTrades: boolean;
}

/**
 * The trades of an instrument, each once: those of `aggTrade`; those of `trade` only in a recording that has had no
 * `aggTrade`, since both tell of the same matches. What `trade` reports beside the order book's matches is left out.
 */
export const trades: Projection<MarketEvent, TradesState, Trade> = {
  initialState: () => ({ hasAggTrades: false }),
  evolve: (state, event) => {
    if (event.type === 'trade' && event.channel === 'aggTrade') state.hasAggTrades = true;
    return state;
  },
  project: (state, event) => {
    if (event.type !== 'trade' || !event.isMarket) return undefined;
    return event.channel === 'aggTrade' || !state.hasAggTrades ? event : undefined;
  },
};
