import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';

/** Plain data. */
export interface EaseOfMovementState {
  /** Middle of the last bar and of the one before; NaN before they are. */
  middle: number;
  before: number;
}

/** Arms's, so that numbers for shares are handy. */
const VOLUME_UNIT = 10_000;

/**
 * Ease of movement, in the square of the unit of the price per 10 000 units of volume: the change of the bar's middle,
 * (H + L)/2, times H − L, over the volume; positive while the price rises. 0 where the bar has one price.
 *
 * Of one bar, without an average. Speaks from the second bar on, and is silent where that has no volume.
 * @see Arms (1996), "Trading Without Fear", Wiley.
 */
export function easeOfMovement(): Projection<Candle, EaseOfMovementState, number> {
  return {
    initialState: () => ({ middle: Number.NaN, before: Number.NaN }),
    evolve: (state, { high, low }) => {
      state.before = state.middle;
      state.middle = (high + low) / 2;
      return state;
    },
    project: ({ middle, before }, { high, low, volume }) =>
      Number.isNaN(before) || volume === 0 ? undefined : ((middle - before) * (high - low) * VOLUME_UNIT) / volume,
  };
}
