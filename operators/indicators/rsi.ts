import type { Projection } from '../fold.ts';
import { checkPeriod } from './period.ts';
import { createWilderAverage, pushWilderAverage, type WilderAverage } from './wilder-average.ts';

/** Plain data. */
export interface RsiState {
  /** NaN before the first input. */
  last: number;
  readonly rises: WilderAverage;
  readonly falls: WilderAverage;
}

/**
 * Relative strength index, from 0 (only falls) to 100 (only rises): 100·R/(R + F), with R and F Wilder's averages of rises
 * and falls, which begin as the means of the first `period` changes.
 *
 * Speaks from input `period` + 1 on; 50 while nothing ever changed.
 * @throws RangeError for an impossible `period`
 * @see Wilder (1978), "New Concepts in Technical Trading Systems", section VI.
 */
export function rsi({ period }: { readonly period: number }): Projection<number, RsiState, number> {
  checkPeriod('rsi', 'period', period);
  return {
    initialState: () => ({ last: Number.NaN, rises: createWilderAverage(), falls: createWilderAverage() }),
    evolve: (state, value) => {
      if (!Number.isNaN(state.last)) {
        const change = value - state.last;
        pushWilderAverage(state.rises, period, Math.max(change, 0));
        pushWilderAverage(state.falls, period, Math.max(-change, 0));
      }
      state.last = value;
      return state;
    },
    project: ({ rises, falls }) => {
      if (rises.count < period) return undefined;
      const total = rises.average + falls.average;
      return total === 0 ? 50 : (100 * rises.average) / total;
    },
  };
}
