import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { checkPeriod, checkShorter } from './period.ts';
import { type SmaState, sma } from './sma.ts';

/** Plain data. */
export interface AwesomeOscillatorState {
  readonly fast: SmaState;
  readonly slow: SmaState;
}

/**
 * Awesome oscillator, in the unit of the price: the mean of the bars' middles, (H + L)/2, over `fast` bars less that over
 * `slow` bars (Williams: 5 and 34); positive while the price rises.
 *
 * Speaks from bar `slow` on. The same wherever it began.
 * @throws RangeError for an impossible period, or a `fast` one that is not the shorter
 * @see Williams (1998), "New Trading Dimensions", Wiley.
 */
export function awesomeOscillator(options: {
  readonly fast: number;
  readonly slow: number;
}): Projection<Candle, AwesomeOscillatorState, number> {
  for (const [name, period] of Object.entries(options)) checkPeriod('awesomeOscillator', name, period);
  checkShorter('awesomeOscillator', 'fast', options.fast, 'slow', options.slow);
  const fast = sma({ period: options.fast });
  const slow = sma({ period: options.slow });
  return {
    initialState: () => ({ fast: fast.initialState(), slow: slow.initialState() }),
    evolve: (state, { high, low }) => {
      const middle = (high + low) / 2;
      fast.evolve(state.fast, middle);
      slow.evolve(state.slow, middle);
      return state;
    },
    project: (state) => {
      const long = slow.project(state.slow, 0);
      return long === undefined ? undefined : fast.project(state.fast, 0)! - long;
    },
  };
}
