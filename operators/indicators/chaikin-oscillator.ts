import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { moneyFlowVolume } from './money-flow-volume.ts';
import { checkPeriod, checkShorter } from './period.ts';

/** How far the line is above each of its averages: all that is needed, and it does not grow as the line does. */
export interface ChaikinOscillatorState {
  aboveFast: number;
  aboveSlow: number;
  bars: number;
}

/**
 * Chaikin oscillator, in the unit of the volume: a fast less a slow EMA of the accumulation/distribution line, which both
 * begin with it; positive while volume goes into rising bars.
 *
 * Speaks from bar `slow` on.
 * @throws RangeError for an impossible period, or a `fast` one that is not the shorter
 * @see Chaikin, in Achelis (2000), "Technical Analysis from A to Z".
 */
export function chaikinOscillator(options: {
  readonly fast: number;
  readonly slow: number;
}): Projection<Candle, ChaikinOscillatorState, number> {
  const { fast, slow } = options;
  for (const [name, period] of Object.entries(options)) checkPeriod('chaikinOscillator', name, period);
  checkShorter('chaikinOscillator', 'fast', fast, 'slow', slow);
  const keptFast = 1 - 2 / (fast + 1);
  const keptSlow = 1 - 2 / (slow + 1);
  return {
    initialState: () => ({ aboveFast: -0, aboveSlow: -0, bars: 0 }),
    evolve: (state, candle) => {
      const flow = moneyFlowVolume(candle);
      if (state.bars > 0) {
        state.aboveFast = (state.aboveFast + flow) * keptFast;
        state.aboveSlow = (state.aboveSlow + flow) * keptSlow;
      }
      if (state.bars < slow) state.bars++;
      return state;
    },
    project: ({ aboveFast, aboveSlow, bars }) => (bars < slow ? undefined : aboveSlow - aboveFast),
  };
}
