import type { Projection } from '../fold.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface RsiState {
  last: number;
  /** Sums of rises and of falls until there are `period` changes, their averages from then on. */
  rise: number;
  fall: number;
  changes: number;
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
    initialState: () => ({ last: Number.NaN, rise: -0, fall: -0, changes: -1 }),
    evolve: (state, value) => {
      if (state.changes >= 0) {
        const change = value - state.last;
        const rise = Math.max(change, 0);
        const fall = Math.max(-change, 0);
        if (state.changes >= period) {
          state.rise += (rise - state.rise) / period;
          state.fall += (fall - state.fall) / period;
        } else {
          state.rise += rise;
          state.fall += fall;
        }
      }
      state.last = value;
      if (state.changes < period && ++state.changes === period) {
        state.rise /= period;
        state.fall /= period;
      }
      return state;
    },
    project: ({ rise, fall, changes }) => {
      if (changes < period) return undefined;
      const total = rise + fall;
      return total === 0 ? 50 : (100 * rise) / total;
    },
  };
}
