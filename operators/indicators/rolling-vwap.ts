import type { Projection } from '../fold.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import {
  createTradedPrice,
  exchangeInTradedPrice,
  meanTradedPrice,
  type TradedPrice,
  valueTimes3,
} from './traded-price.ts';

/** Plain data. */
export interface RollingVwapState {
  readonly traded: TradedPrice;
  readonly values: RecentValues;
  readonly volumes: RecentValues;
}

/**
 * Volume-weighted average price of the last `period` bars, in the unit of the price: Σ t·V / ΣV with the typical price
 * t = (H + L + C)/3.
 *
 * Speaks from bar `period` on, and is silent while these have no volume. The same wherever it began.
 * @throws RangeError for an impossible `period`
 * @see Berkowitz, Logue & Noser (1988), "The Total Cost of Transactions on the NYSE", J. Finance 43(1).
 */
export function rollingVwap({ period }: { readonly period: number }): Projection<Candle, RollingVwapState, number> {
  checkPeriod('rollingVwap', 'period', period);
  return {
    initialState: () => ({
      traded: createTradedPrice(),
      values: createRecentValues(period),
      volumes: createRecentValues(period),
    }),
    evolve: (state, candle) => {
      const value = pushRecentValue(state.values, valueTimes3(candle));
      exchangeInTradedPrice(state.traded, candle, value, pushRecentValue(state.volumes, candle.volume));
      return state;
    },
    project: ({ traded, volumes }) => (volumes.count < period ? undefined : meanTradedPrice(traded)),
  };
}
