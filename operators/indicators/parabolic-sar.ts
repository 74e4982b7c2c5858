import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { checkPositive } from './period.ts';

/** A price that follows the trend and turns with it. */
export interface ParabolicSar {
  /** In the unit of the price: below it while the direction is 1, above it while it is −1. */
  readonly sar: number;
  /** 1 upwards, −1 downwards. */
  readonly direction: 1 | -1;
}

/** Plain data. */
export interface ParabolicSarState {
  bars: number;
  direction: 1 | -1;
  sar: number;
  /** Highest high of an upward trend, lowest low of a downward one. */
  extreme: number;
  acceleration: number;
  /** Of the last two bars, the later first. */
  high: number;
  earlierHigh: number;
  low: number;
  earlierLow: number;
}

/**
 * Parabolic stop and reverse: moves towards the trend's extreme by a share of the distance that grows by `step` with each
 * new extreme, up to `maximum`, but not beyond the lows (upwards; else highs) of the two bars before; where the bar reaches
 * it, it becomes the extreme of the trend that ends and turns.
 *
 * Speaks from the second bar on, beginning upwards unless its middle is below that of the first, as with tulind.
 * @throws RangeError for a `step` that is not above 0, or a `maximum` that is not above it
 * @see Wilder (1978), "New Concepts in Technical Trading Systems", section II.
 */
export function parabolicSar(options: {
  readonly step: number;
  readonly maximum: number;
}): Projection<Candle, ParabolicSarState, ParabolicSar> {
  const { step, maximum } = options;
  checkPositive('parabolicSar', 'step', step);
  if (!(maximum > step && Number.isFinite(maximum)))
    throw new RangeError(`parabolicSar, maximum: expected a number above step, ${step}, found ${String(maximum)}`);

  function begin(state: ParabolicSarState, { high, low }: Candle): void {
    state.direction = state.high + state.low <= high + low ? 1 : -1;
    state.extreme = state.direction === 1 ? state.high : state.low;
    state.sar = state.direction === 1 ? state.low : state.high;
    state.acceleration = step;
  }

  function move(state: ParabolicSarState, { high, low }: Candle): void {
    const isUp = state.direction === 1;
    state.sar += (state.extreme - state.sar) * state.acceleration;
    // NaN, which there is no second bar before, limits nothing.
    if (isUp && state.sar > state.earlierLow) state.sar = state.earlierLow;
    if (isUp && state.sar > state.low) state.sar = state.low;
    if (!isUp && state.sar < state.earlierHigh) state.sar = state.earlierHigh;
    if (!isUp && state.sar < state.high) state.sar = state.high;
    if (isUp ? high > state.extreme : low < state.extreme) {
      state.extreme = isUp ? high : low;
      state.acceleration = Math.min(state.acceleration + step, maximum);
    }
    if (isUp ? low >= state.sar : high <= state.sar) return;
    state.sar = state.extreme;
    state.direction = isUp ? -1 : 1;
    state.extreme = isUp ? low : high;
    state.acceleration = step;
  }

  return {
    initialState: () => ({
      bars: 0,
      direction: 1,
      sar: -0,
      extreme: -0,
      acceleration: -0,
      high: Number.NaN,
      earlierHigh: Number.NaN,
      low: Number.NaN,
      earlierLow: Number.NaN,
    }),
    evolve: (state, candle) => {
      if (state.bars === 1) begin(state, candle);
      if (state.bars > 0) move(state, candle);
      if (state.bars < 2) state.bars++;
      state.earlierHigh = state.high;
      state.earlierLow = state.low;
      state.high = candle.high;
      state.low = candle.low;
      return state;
    },
    project: ({ bars, sar, direction }) => (bars < 2 ? undefined : { sar, direction }),
  };
}
