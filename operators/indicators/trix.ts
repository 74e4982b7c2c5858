import type { Projection } from '../fold.ts';
import { checkPeriod } from './period.ts';
import { type TemaState, tema } from './tema.ts';

/** Plain data. */
export interface TrixState {
  readonly averages: TemaState;
  /** The threefold average at the last input and the one before; NaN before they are. */
  now: number;
  before: number;
}

/**
 * TRIX, in percent: the change of a threefold EMA, EMA(EMA(EMA)), from one input to the next, as a share of the later one as
 * with tulind; positive while it rises. (Others divide by the earlier one: t/(1 − t/100).)
 *
 * Speaks from input 3·period − 1 on, and is silent where the average is 0.
 * @throws RangeError for an impossible `period`
 * @see Hutson (1983), "Good TRIX", Stocks & Commodities 1(5), whose averages are of logarithms.
 */
export function trix({ period }: { readonly period: number }): Projection<number, TrixState, number> {
  checkPeriod('trix', 'period', period);
  const averages = tema({ period });
  return {
    initialState: () => ({ averages: averages.initialState(), now: Number.NaN, before: Number.NaN }),
    evolve: (state, value) => {
      averages.evolve(state.averages, value);
      state.before = state.now;
      if (state.averages.third.count === period) state.now = state.averages.third.average;
      return state;
    },
    project: ({ now, before }) => (Number.isNaN(before) || now === 0 ? undefined : (100 * (now - before)) / now),
  };
}
