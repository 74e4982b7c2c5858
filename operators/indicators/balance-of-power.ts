import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';

/**
 * Balance of power, from −1 (the bar fell from its high to its low) to 1 (it rose from low to high): (C − O)/(H − L). 0 where
 * the bar has one price.
 *
 * Of one bar, without an average; speaks from the first on.
 * @see Livshin (2001), "Balance of Market Power", Stocks & Commodities 19(8).
 */
export function balanceOfPower(): Projection<Candle, null, number> {
  return {
    initialState: () => null,
    evolve: (state) => state,
    project: (_, { open, high, low, close }) => (high === low ? 0 : (close - open) / (high - low)),
  };
}
