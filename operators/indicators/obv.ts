import type { Projection } from '../fold.ts';
import { addToExactSum, createExactSum, type ExactSum } from '../rolling/exact-sum.ts';
import type { Candle } from './candle.ts';

/** Plain data. */
export interface ObvState {
  lastClose: number;
  readonly sum: ExactSum;
}

/**
 * On-balance volume, in the unit of the volume: the volumes of bars that closed higher than the one before, less those of
 * bars that closed lower, since the first bar. Only its changes say something.
 *
 * Speaks from the first bar on, with 0.
 * @see Granville (1963), "Granville's New Key to Stock Market Profits".
 */
export function obv(): Projection<Candle, ObvState, number> {
  return {
    initialState: () => ({ lastClose: Number.NaN, sum: createExactSum() }),
    evolve: (state, { close, volume }) => {
      if (close > state.lastClose) addToExactSum(state.sum, volume);
      else if (close < state.lastClose) addToExactSum(state.sum, -volume);
      state.lastClose = close;
      return state;
    },
    project: ({ sum }) => sum.high,
  };
}
