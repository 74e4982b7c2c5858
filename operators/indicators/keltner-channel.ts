import type { Projection } from '../fold.ts';
import { type AtrState, atr } from './atr.ts';
import type { Candle } from './candle.ts';
import { type EmaState, ema } from './ema.ts';
import { checkPeriod, checkPositive } from './period.ts';

/** In the unit of the price. */
export interface KeltnerChannel {
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

/** Plain data. */
export interface KeltnerChannelState {
  readonly average: EmaState;
  readonly range: AtrState;
}

/**
 * Keltner channel in its later form: the EMA of the close, and `multiplier` average true ranges to both sides of it, both
 * over `period` bars. (Keltner's own had simple averages, of the typical price and of the range from high to low.)
 *
 * Speaks from bar `period` on.
 * @throws RangeError for an impossible `period`, or a `multiplier` that is not above 0
 * @see Keltner (1960), "How to Make Money in Commodities". StockCharts, ChartSchool, "Keltner Channels", for the later.
 */
export function keltnerChannel(options: {
  readonly period: number;
  readonly multiplier: number;
}): Projection<Candle, KeltnerChannelState, KeltnerChannel> {
  const { period, multiplier } = options;
  checkPeriod('keltnerChannel', 'period', period);
  const average = ema({ period });
  const range = atr({ period });
  checkPositive('keltnerChannel', 'multiplier', multiplier);
  return {
    initialState: () => ({ average: average.initialState(), range: range.initialState() }),
    evolve: (state, candle) => {
      average.evolve(state.average, candle.close);
      range.evolve(state.range, candle);
      return state;
    },
    project: (state, candle) => {
      const middle = average.project(state.average, candle.close);
      if (middle === undefined) return undefined;
      const distance = multiplier * range.project(state.range, candle)!;
      return { lower: middle - distance, middle, upper: middle + distance };
    },
  };
}
