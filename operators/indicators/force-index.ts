import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { type EmaState, ema } from './ema.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface ForceIndexState {
  lastClose: number;
  readonly average: EmaState;
}

/**
 * Force index, in the unit of the price × that of the volume: the EMA over `period` bars of (C − C′)·V, with C′ the close
 * before; positive while volume drives the price up. With a `period` of 1 it is of one bar.
 *
 * Speaks from bar `period` + 1 on.
 * @throws RangeError for an impossible `period`
 * @see Elder (1993), "Trading for a Living", Wiley.
 */
export function forceIndex({ period }: { readonly period: number }): Projection<Candle, ForceIndexState, number> {
  checkPeriod('forceIndex', 'period', period);
  const average = ema({ period });
  return {
    initialState: () => ({ lastClose: Number.NaN, average: average.initialState() }),
    evolve: (state, { close, volume }) => {
      if (!Number.isNaN(state.lastClose)) average.evolve(state.average, (close - state.lastClose) * volume);
      state.lastClose = close;
      return state;
    },
    project: (state) => average.project(state.average, 0),
  };
}
