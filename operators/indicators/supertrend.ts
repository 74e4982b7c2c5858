import type { Projection } from '../fold.ts';
import { type AtrState, atr } from './atr.ts';
import type { Candle } from './candle.ts';
import { checkPeriod, checkPositive } from './period.ts';

/** A price that follows the trend at a distance and turns with it. */
export interface Supertrend {
  /** In the unit of the price: below it while the direction is 1, above it while it is −1. */
  readonly line: number;
  /** 1 upwards, −1 downwards. */
  readonly direction: 1 | -1;
}

/** Plain data. */
export interface SupertrendState {
  readonly range: AtrState;
  lastClose: number;
  /** NaN before it speaks. */
  upper: number;
  lower: number;
  direction: 1 | -1;
}

/**
 * Supertrend: the middle of the bar, (H + L)/2, ± `multiplier` × average true range. The upper band only falls until a close
 * was above it, the lower only rises until a close was below it; a close beyond the band of its direction turns it.
 *
 * Speaks from bar `period` on, beginning downwards, as TradingView's: what it says before its first turn is not yet a trend.
 * @throws RangeError for an impossible `period`, or a `multiplier` that is not above 0
 * @see TradingView, Pine Script reference, `ta.supertrend`. The indicator is Olivier Seban's.
 */
export function supertrend(options: {
  readonly period: number;
  readonly multiplier: number;
}): Projection<Candle, SupertrendState, Supertrend> {
  const { period, multiplier } = options;
  checkPeriod('supertrend', 'period', period);
  const range = atr({ period });
  checkPositive('supertrend', 'multiplier', multiplier);

  function follow(state: SupertrendState, { high, low, close }: Candle, distance: number): void {
    const { lastClose } = state;
    const upper = (high + low) / 2 + distance;
    const lower = (high + low) / 2 - distance;
    // NaN is above nothing, so that the first bands are taken as they are.
    if (!(upper >= state.upper) || lastClose > state.upper) state.upper = upper;
    if (!(lower <= state.lower) || lastClose < state.lower) state.lower = lower;
    if (state.direction === 1 ? close < state.lower : close > state.upper)
      state.direction = state.direction === 1 ? -1 : 1;
  }

  return {
    initialState: () => ({
      range: range.initialState(),
      lastClose: Number.NaN,
      upper: Number.NaN,
      lower: Number.NaN,
      direction: -1,
    }),
    evolve: (state, candle) => {
      range.evolve(state.range, candle);
      const average = range.project(state.range, candle);
      if (average !== undefined) follow(state, candle, multiplier * average);
      state.lastClose = candle.close;
      return state;
    },
    project: ({ upper, lower, direction }) => {
      if (Number.isNaN(upper)) return undefined;
      return { line: direction === 1 ? lower : upper, direction };
    },
  };
}
