import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { trueRange } from './true-range.ts';
import { createWilderAverage, pushWilderAverage, type WilderAverage } from './wilder-average.ts';

/** Plain data. */
export interface AtrState {
  lastClose: number;
  readonly ranges: WilderAverage;
}

/**
 * Average true range, in the unit of the price: Wilder's average of the true range, which begins as the mean of the first
 * `period`.
 *
 * Speaks from bar `period` on.
 * @throws RangeError for an impossible `period`
 * @see Wilder (1978), "New Concepts in Technical Trading Systems", section III.
 */
export function atr({ period }: { readonly period: number }): Projection<Candle, AtrState, number> {
  checkPeriod('atr', 'period', period);
  return {
    initialState: () => ({ lastClose: Number.NaN, ranges: createWilderAverage() }),
    evolve: (state, candle) => {
      pushWilderAverage(state.ranges, period, trueRange(candle, state.lastClose));
      state.lastClose = candle.close;
      return state;
    },
    project: ({ ranges }) => (ranges.count === period ? ranges.average : undefined),
  };
}

/**
 * Normalised average true range, in percent of the close. Silent where that is 0.
 * @see atr
 */
export function natr(options: { readonly period: number }): Projection<Candle, AtrState, number> {
  const { initialState, evolve, project } = atr(options);
  return {
    initialState,
    evolve,
    project: (state, candle) => {
      const average = project(state, candle);
      return average === undefined || candle.close === 0 ? undefined : (100 * average) / candle.close;
    },
  };
}
