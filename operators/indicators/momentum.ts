import type { Projection } from '../fold.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface MomentumState {
  readonly recent: RecentValues;
  /** The input of `period` inputs ago; 0 while there is none. */
  past: number;
  count: number;
}

/**
 * Momentum, in the unit of the input: the input less that of `period` inputs ago; positive while the price rises.
 *
 * Speaks from input `period` + 1 on.
 * @throws RangeError for an impossible `period`
 */
export function momentum({ period }: { readonly period: number }): Projection<number, MomentumState, number> {
  checkPeriod('momentum', 'period', period);
  return {
    initialState: () => ({ recent: createRecentValues(period), past: -0, count: 0 }),
    evolve: (state, value) => {
      state.past = pushRecentValue(state.recent, value);
      if (state.count <= period) state.count++;
      return state;
    },
    project: ({ past, count }, value) => (count > period ? value - past : undefined),
  };
}

/**
 * Rate of change, a ratio: (x − x₋ₚ) / x₋ₚ.
 *
 * Speaks as `momentum` does, and is silent where the earlier input is 0.
 * @throws RangeError for an impossible `period`
 */
export function rateOfChange(options: { readonly period: number }): Projection<number, MomentumState, number> {
  const { initialState, evolve, project } = momentum(options);
  return {
    initialState,
    evolve,
    project: (state, value) => {
      const change = project(state, value);
      return change === undefined || state.past === 0 ? undefined : change / state.past;
    },
  };
}
