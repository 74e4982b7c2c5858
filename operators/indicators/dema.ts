import type { Projection } from '../fold.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface DemaState {
  first: number;
  /** Average of what the first says. */
  second: number;
  count: number;
}

/**
 * Double exponential moving average, in the unit of the input: 2·EMA − EMA(EMA), which lags less than the EMA.
 *
 * Speaks from input 2·period − 1 on.
 * @throws RangeError for an impossible `period`
 * @see Mulloy (1994), "Smoothing Data with Faster Moving Averages", Stocks & Commodities 12(1).
 */
export function dema({ period }: { readonly period: number }): Projection<number, DemaState, number> {
  checkPeriod('dema', 'period', period);
  const alpha = 2 / (period + 1);
  const kept = 1 - alpha;
  const inputs = 2 * period - 1;
  return {
    initialState: () => ({ first: Number.NaN, second: Number.NaN, count: 0 }),
    evolve: (state, value) => {
      const first = state.count === 0 ? value : state.first * kept + value * alpha;
      state.second = state.count < period ? first : state.second * kept + first * alpha;
      state.first = first;
      if (state.count < inputs) state.count++;
      return state;
    },
    project: ({ first, second, count }) => (count === inputs ? 2 * first - second : undefined),
  };
}
