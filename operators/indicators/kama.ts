import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface KamaState {
  readonly inputs: RecentValues;
  /** Absolute changes from one input to the next. */
  readonly changes: RecentValues;
  readonly travelled: ExactSum;
  last: number;
  average: number;
}

// Of moving averages over 2 and over 30 inputs.
const FASTEST = 2 / 3;
const SLOWEST = 2 / 31;

/**
 * Kaufman's adaptive moving average, in the unit of the input: an EMA that is fast where the last `period` inputs went one
 * way and slow where they went to and fro.
 *
 * Efficiency E = |x − x₋ₚ| / Σ|Δx| (1 where nothing changed); α = (E(2/3 − 2/31) + 2/31)². Speaks from input `period` on,
 * which it begins with.
 * @throws RangeError for an impossible `period`
 * @see Kaufman (1995), "Smarter Trading", McGraw-Hill.
 */
export function kama({ period }: { readonly period: number }): Projection<number, KamaState, number> {
  checkPeriod('kama', 'period', period);
  return {
    initialState: () => ({
      inputs: createRecentValues(period),
      changes: createRecentValues(period),
      travelled: createExactSum(),
      last: Number.NaN,
      average: Number.NaN,
    }),
    evolve: (state, value) => {
      const { inputs, changes, travelled } = state;
      const isFull = inputs.count === period;
      if (inputs.count > 0) {
        const change = Math.abs(value - state.last);
        exchangeInExactSum(travelled, change, pushRecentValue(changes, change));
      }
      state.last = value;
      const first = pushRecentValue(inputs, value);
      if (!isFull) {
        state.average = value;
        return state;
      }
      const path = travelled.high;
      const efficiency = path === 0 ? 1 : Math.abs(value - first) / path;
      const alpha = (efficiency * (FASTEST - SLOWEST) + SLOWEST) ** 2;
      state.average += alpha * (value - state.average);
      return state;
    },
    project: ({ inputs, average }) => (inputs.count === period ? average : undefined),
  };
}
