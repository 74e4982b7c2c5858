import type { Projection } from '../fold.ts';
import { createRollingPath, pushRollingPath, type RollingPath } from '../rolling/rolling-path.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface KamaState {
  readonly path: RollingPath;
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
    initialState: () => ({ path: createRollingPath(period), average: Number.NaN }),
    evolve: (state, value) => {
      const { path } = state;
      pushRollingPath(path, value);
      if (path.changes.count < period) {
        state.average = value;
        return state;
      }
      const length = path.length.high;
      const efficiency = length === 0 ? 1 : Math.abs(path.net) / length;
      const alpha = (efficiency * (FASTEST - SLOWEST) + SLOWEST) ** 2;
      state.average += alpha * (value - state.average);
      return state;
    },
    project: ({ path, average }) => (path.numbers.count === period ? average : undefined),
  };
}
