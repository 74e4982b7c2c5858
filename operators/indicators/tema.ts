import type { Projection } from '../fold.ts';
import { type EmaState, ema } from './ema.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface TemaState {
  readonly first: EmaState;
  readonly second: EmaState;
  readonly third: EmaState;
}

/**
 * Triple exponential moving average, in the unit of the input: 3·EMA − 3·EMA(EMA) + EMA(EMA(EMA)).
 *
 * Speaks from input 3·period − 2 on.
 * @throws RangeError for an impossible `period`
 * @see Mulloy (1994), "Smoothing Data with Less Lag", Stocks & Commodities 12(2).
 */
export function tema({ period }: { readonly period: number }): Projection<number, TemaState, number> {
  checkPeriod('tema', 'period', period);
  const { initialState, evolve } = ema({ period });
  return {
    initialState: () => ({ first: initialState(), second: initialState(), third: initialState() }),
    evolve: (state, value) => {
      const { first, second, third } = state;
      evolve(first, value);
      if (first.count === period) evolve(second, first.average);
      if (second.count === period) evolve(third, second.average);
      return state;
    },
    project: ({ first, second, third }) =>
      third.count === period ? 3 * first.average - 3 * second.average + third.average : undefined,
  };
}
