import type { Projection } from '../fold.ts';
import { createRollingMaximum, pushRollingMaximum, type RollingMaximum } from '../rolling/rolling-extreme.ts';
import { checkPeriod } from './period.ts';
import { type RsiState, rsi } from './rsi.ts';
import { type SmaState, sma } from './sma.ts';
import type { Stochastic } from './stochastic.ts';

/** Plain data. */
export interface StochasticRsiState {
  readonly index: RsiState;
  readonly highest: RollingMaximum;
  /** Of the negative indexes. */
  readonly lowest: RollingMaximum;
  readonly k: SmaState;
  readonly d: SmaState;
}

/**
 * Stochastic RSI, from 0 (the relative strength index is the lowest of the last `window`) to 100 (the highest): k the mean
 * of 100·(R − min R)/(max R − min R) over `slowing` inputs, d the mean of k over `signal`. 0 where R does not move.
 *
 * `window` is `period` if not said; with it and a `slowing` of 1, k/100 is Chande and Kroll's. Speaks from input
 * period + window + slowing + signal − 2 on.
 * @throws RangeError for an impossible period
 * @see Chande & Kroll (1994), "The New Technical Trader", Wiley.
 */
export function stochasticRsi(options: {
  readonly period: number;
  readonly window?: number;
  readonly slowing: number;
  readonly signal: number;
}): Projection<number, StochasticRsiState, Stochastic> {
  const { period, window = period, slowing, signal } = options;
  for (const [name, value] of Object.entries({ period, window, slowing, signal }))
    checkPeriod('stochasticRsi', name, value);
  const index = rsi({ period });
  const k = sma({ period: slowing });
  const d = sma({ period: signal });

  function follow({ highest, lowest, k: smooth, d: smoother }: StochasticRsiState, strength: number): void {
    const top = pushRollingMaximum(highest, strength);
    const bottom = -pushRollingMaximum(lowest, -strength);
    if (highest.pushed < window) return;
    const fast = k.evolve(smooth, top === bottom ? 0 : (100 * (strength - bottom)) / (top - bottom));
    const slow = k.project(fast, 0);
    if (slow !== undefined) d.evolve(smoother, slow);
  }

  return {
    initialState: () => ({
      index: index.initialState(),
      highest: createRollingMaximum(window),
      lowest: createRollingMaximum(window),
      k: k.initialState(),
      d: d.initialState(),
    }),
    evolve: (state, value) => {
      index.evolve(state.index, value);
      const strength = index.project(state.index, value);
      if (strength !== undefined) follow(state, strength);
      return state;
    },
    project: (state) => {
      const smooth = d.project(state.d, 0);
      return smooth === undefined ? undefined : { k: k.project(state.k, 0)!, d: smooth };
    },
  };
}
