import type { Projection } from '../fold.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface EmaState {
  average: number;
  count: number;
}

/**
 * Exponential moving average, in the unit of the input: e ← (1 − α)e + αx, from the first input on.
 *
 * α = 2/(period + 1) if not said. Speaks from input `period` on, when what it began with weighs less than 14 %.
 * @throws RangeError for an impossible `period`
 * @see Hunter (1986), "The Exponentially Weighted Moving Average", J. Quality Technology 18(4).
 */
export function ema(options: {
  readonly period: number;
  readonly alpha?: number;
}): Projection<number, EmaState, number> {
  const { period, alpha = 2 / (options.period + 1) } = options;
  checkPeriod('ema', 'period', period);
  const kept = 1 - alpha;
  return {
    initialState: () => ({ average: Number.NaN, count: 0 }),
    evolve: (state, value) => {
      state.average = state.count === 0 ? value : state.average * kept + value * alpha;
      if (state.count < period) state.count++;
      return state;
    },
    project: ({ average, count }) => (count === period ? average : undefined),
  };
}
