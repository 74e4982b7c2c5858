import type { Projection } from '../fold.ts';
import { type EmaState, ema } from './ema.ts';
import { checkPeriod, checkShorter } from './period.ts';

/** In the unit of the input. */
export interface Macd {
  /** Fast average minus slow average; positive while the price rises. */
  readonly line: number;
  /** Average of the line. */
  readonly signal: number;
  /** Line minus signal. */
  readonly histogram: number;
}

/** Plain data. */
export interface MacdState {
  readonly fast: EmaState;
  readonly slow: EmaState;
  readonly signal: EmaState;
}

/**
 * Moving average convergence/divergence.
 *
 * For 12 and 26 inputs the averages have Appel's own weights, 0.15 and 0.075, else 2/(period + 1). The signal begins with
 * the line at input `slow`; it speaks from there on.
 * @throws RangeError for an impossible period, or a `fast` one that is not the shorter
 * @see Appel (1985), "The Moving Average Convergence-Divergence Trading Method".
 */
export function macd(options: {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}): Projection<number, MacdState, Macd> {
  for (const [name, period] of Object.entries(options)) checkPeriod('macd', name, period);
  checkShorter('macd', 'fast', options.fast, 'slow', options.slow);
  const isAppels = options.fast === 12 && options.slow === 26;
  const fast = ema({ period: options.fast, ...(isAppels ? { alpha: 0.15 } : {}) });
  const slow = ema({ period: options.slow, ...(isAppels ? { alpha: 0.075 } : {}) });
  const signal = ema({ period: options.signal });
  return {
    initialState: () => ({
      fast: fast.initialState(),
      slow: slow.initialState(),
      signal: signal.initialState(),
    }),
    evolve: (state, value) => {
      fast.evolve(state.fast, value);
      slow.evolve(state.slow, value);
      if (state.slow.count === options.slow) signal.evolve(state.signal, state.fast.average - state.slow.average);
      return state;
    },
    project: (state) => {
      if (state.signal.count === 0) return undefined;
      const line = state.fast.average - state.slow.average;
      return { line, signal: state.signal.average, histogram: line - state.signal.average };
    },
  };
}
