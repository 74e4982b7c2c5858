import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { typicalPriceTimes3 } from './typical-price.ts';

/** Plain data. */
export interface MoneyFlowIndexState {
  /** Three typical prices of the last bar; NaN before the first. */
  last: number;
  /** Of three typical prices × volume, positive where they rose, negative where they fell. */
  readonly flows: RecentValues;
  readonly inflow: ExactSum;
  readonly outflow: ExactSum;
}

/**
 * Money flow index, from 0 (only outflow) to 100 (only inflow): 100·I/(I + O), with I the sum of typical price × volume over
 * those of the last `period` bars whose typical price, (H + L + C)/3, is above that of the bar before, and O over those
 * where it is below. 50 where there was neither.
 *
 * Speaks from bar `period` + 1 on. The same wherever it began.
 * @throws RangeError for an impossible `period`
 * @see Quong & Soudack (1989), "Volume-Weighted RSI: Money Flow", Stocks & Commodities 7(3).
 */
export function moneyFlowIndex({
  period,
}: {
  readonly period: number;
}): Projection<Candle, MoneyFlowIndexState, number> {
  checkPeriod('moneyFlowIndex', 'period', period);
  return {
    initialState: () => ({
      last: Number.NaN,
      flows: createRecentValues(period),
      inflow: createExactSum(),
      outflow: createExactSum(),
    }),
    evolve: (state, candle) => {
      const price = typicalPriceTimes3(candle);
      if (!Number.isNaN(state.last)) {
        // Products are rounded: so their sums have few enough digits to come back to exactly 0.
        const flow = price * candle.volume * Math.sign(price - state.last);
        const oldest = pushRecentValue(state.flows, flow);
        exchangeInExactSum(state.inflow, Math.max(flow, 0), Math.max(oldest, 0));
        exchangeInExactSum(state.outflow, Math.max(-flow, 0), Math.max(-oldest, 0));
      }
      state.last = price;
      return state;
    },
    project: ({ flows, inflow, outflow }) => {
      if (flows.count < period) return undefined;
      const total = inflow.high + outflow.high;
      return total === 0 ? 50 : (100 * inflow.high) / total;
    },
  };
}
