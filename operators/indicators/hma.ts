import type { Projection } from '../fold.ts';
import { checkPeriod } from './period.ts';
import { type WmaState, wma } from './wma.ts';

/** Plain data. */
export interface HmaState {
  readonly half: WmaState;
  readonly whole: WmaState;
  /** Of 2·half − whole. */
  readonly smooth: WmaState;
}

/**
 * Hull moving average, in the unit of the input: WMA over ⌊√period⌋ of 2·WMA(⌊period/2⌋) − WMA(period).
 *
 * Speaks from input period + ⌊√period⌋ − 1 on.
 * @throws RangeError for a `period` below 2
 * @see Hull (2005), "How to reduce lag in a moving average", alanhull.com.
 */
export function hma({ period }: { readonly period: number }): Projection<number, HmaState, number> {
  checkPeriod('hma', 'period', period, 2);
  const half = wma({ period: Math.floor(period / 2) });
  const whole = wma({ period });
  const smooth = wma({ period: Math.floor(Math.sqrt(period)) });
  return {
    initialState: () => ({
      half: half.initialState(),
      whole: whole.initialState(),
      smooth: smooth.initialState(),
    }),
    evolve: (state, value) => {
      half.evolve(state.half, value);
      whole.evolve(state.whole, value);
      const long = whole.project(state.whole, value);
      if (long !== undefined) smooth.evolve(state.smooth, 2 * half.project(state.half, value)! - long);
      return state;
    },
    project: (state, value) => smooth.project(state.smooth, value),
  };
}
