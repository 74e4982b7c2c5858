import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import type { Candle } from './candle.ts';
import { type EmaState, ema } from './ema.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface MassIndexState {
  readonly first: EmaState;
  readonly second: EmaState;
  readonly ratios: RecentValues;
  readonly sum: ExactSum;
}

/** Dorsey's. */
const AVERAGE_PERIOD = 9;

/**
 * Mass index, without unit, about `period`: the sum over the last `period` bars (Dorsey: 25) of EMA(H − L)/EMA(EMA(H − L)),
 * both over 9 bars; larger where ranges widen, whichever way the price goes. A ratio is 1 where there were no ranges yet.
 *
 * Speaks from bar `period` + 16 on.
 * @throws RangeError for an impossible `period`
 * @see Dorsey (1992), "The Mass Index", Stocks & Commodities 10(6).
 */
export function massIndex({ period }: { readonly period: number }): Projection<Candle, MassIndexState, number> {
  checkPeriod('massIndex', 'period', period);
  const { initialState, evolve } = ema({ period: AVERAGE_PERIOD });
  return {
    initialState: () => ({
      first: initialState(),
      second: initialState(),
      ratios: createRecentValues(period),
      sum: createExactSum(),
    }),
    evolve: (state, { high, low }) => {
      const { first, second, ratios, sum } = state;
      evolve(first, high - low);
      if (first.count === AVERAGE_PERIOD) evolve(second, first.average);
      if (second.count < AVERAGE_PERIOD) return state;
      const ratio = second.average === 0 ? 1 : first.average / second.average;
      exchangeInExactSum(sum, ratio, pushRecentValue(ratios, ratio));
      return state;
    },
    project: ({ ratios, sum }) => (ratios.count < period ? undefined : sum.high),
  };
}
