import type { Projection } from '../fold.ts';
import {
  createRollingComoments,
  pushRollingComoments,
  type RollingComoments,
  sumOfCodistances,
} from '../rolling/rolling-comoments.ts';
import { squaredDistances } from '../rolling/rolling-moments.ts';
import { checkPeriod } from './period.ts';

/** Two numbers of one time. */
export interface Pair {
  readonly x: number;
  readonly y: number;
}

/**
 * Pearson's correlation of the last `period` pairs, from −1 to 1: their covariance over the product of their standard
 * deviations. 0 where one of them does not move.
 *
 * Speaks from pair `period` on. The same wherever it began.
 * @throws RangeError for a `period` below 2
 * @see Pearson (1895), "Note on Regression and Inheritance in the Case of Two Parents", Proc. Royal Society 58.
 */
export function correlation({ period }: { readonly period: number }): Projection<Pair, RollingComoments, number> {
  checkPeriod('correlation', 'period', period, 2);
  return {
    ...pairs(period),
    project: (state) => {
      if (state.x.recent.count < period) return undefined;
      const scale = Math.sqrt(squaredDistances(state.x)) * Math.sqrt(squaredDistances(state.y));
      return scale === 0 ? 0 : Math.max(-1, Math.min(1, sumOfCodistances(state) / scale));
    },
  };
}

/**
 * Beta of y to x over the last `period` pairs, in the unit of y per unit of x: their covariance over the variance of x,
 * which is how far y moves with x. Of returns of an instrument (y) and of the market (x) it is the CAPM's. 0 where x does
 * not move.
 *
 * Speaks from pair `period` on. The same wherever it began.
 * @throws RangeError for a `period` below 2
 * @see Sharpe (1964), "Capital Asset Prices", J. Finance 19(3).
 */
export function beta({ period }: { readonly period: number }): Projection<Pair, RollingComoments, number> {
  checkPeriod('beta', 'period', period, 2);
  return {
    ...pairs(period),
    project: (state) => {
      if (state.x.recent.count < period) return undefined;
      const squares = squaredDistances(state.x);
      return squares === 0 ? 0 : sumOfCodistances(state) / squares;
    },
  };
}

function pairs(period: number): Pick<Projection<Pair, RollingComoments, number>, 'initialState' | 'evolve'> {
  return {
    initialState: () => createRollingComoments(period),
    evolve: (state, { x, y }) => {
      pushRollingComoments(state, x, y);
      return state;
    },
  };
}
