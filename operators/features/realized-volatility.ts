import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import { defineFeature, duration, type FeatureFold, wholeNumber } from './definition.ts';
import { midprice } from './midprice.ts';

/** Plain data. */
export interface RealizedVolatilityState {
  /** Squared log returns of the last `samples` intervals, used in a circle. */
  readonly squaredReturns: Float64Array;
  /** Returns seen since the start or the last break. */
  count: number;
  /** Interval that the last midprice belongs to, as a count of `intervalMs` since the epoch; −1 before the first. */
  interval: number;
  /** Midprice at the end of the interval before; NaN before it. */
  lastClose: number;
  midprice: number;
}

/**
 * Realised volatility over the last `samples` intervals: the root of the sum of squared log returns of the midprice, as a
 * ratio (0.001 = 10 bps), not annualised.
 *
 * An interval's midprice is its last one; an interval without a quote keeps the one before. Speaks once `samples`
 * returns are there; a break of the book starts it anew.
 * @see Andersen, Bollerslev, Diebold & Labys (2003), "Modeling and Forecasting Realized Volatility", Econometrica 71(2).
 */
export function realizedVolatility(options: {
  readonly intervalMs: number;
  readonly samples: number;
}): FeatureFold<TopOfBook | BookBreak, RealizedVolatilityState> {
  const { intervalMs, samples } = options;

  function restart(state: RealizedVolatilityState): void {
    state.count = 0;
    state.interval = -1;
    state.lastClose = Number.NaN;
  }

  function closeIntervals(state: RealizedVolatilityState, interval: number): void {
    // Behind a pause longer than the window only its last intervals count.
    const from = Math.max(state.interval, interval - samples - 1);
    for (let i = from; i < interval; i++) {
      if (!Number.isNaN(state.lastClose)) {
        const logReturn = Math.log(state.midprice / state.lastClose);
        state.squaredReturns[state.count % samples] = logReturn * logReturn;
        state.count++;
      }
      state.lastClose = state.midprice;
    }
  }

  return {
    initialState: () => ({
      squaredReturns: new Float64Array(samples),
      count: 0,
      interval: -1,
      lastClose: Number.NaN,
      midprice: Number.NaN,
    }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') {
        restart(state);
        return state;
      }
      const interval = Math.max(state.interval, Math.floor(event.transactionTimeMs / intervalMs));
      if (state.interval >= 0) closeIntervals(state, interval);
      state.interval = interval;
      state.midprice = midprice(event);
      return state;
    },
    project: (state) => {
      if (state.count < samples) return undefined;
      let sum = 0;
      // Summed anew and oldest first: a running sum would drift, and differ by where it began.
      for (let i = state.count; i < state.count + samples; i++) sum += state.squaredReturns[i % samples]!;
      return Math.sqrt(sum);
    },
  };
}

export const REALIZED_VOLATILITY = defineFeature({
  name: 'realized_volatility',
  version: 1,
  title: 'Realised volatility',
  group: 'volatility',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {
    intervalMs: duration({ default: 1_000, says: 'time between two midprices' }),
    samples: wholeNumber('intervals', { default: 60, says: 'window', most: 100_000 }),
  },
  outputs: { '': { unit: 'logReturn', range: [0, null], says: 'of the midprice over the window, not annualised' } },
  warmUp: ({ intervalMs, samples }) => ({ count: intervalMs * (samples + 1), of: 'ms', also: 'a valid book' }),
  formula: '√Σ r_i², r_i = ln(m_i / m_{i−1}) of midprices at the ends of intervals',
  source: 'Andersen, Bollerslev, Diebold & Labys (2003), Econometrica 71(2)',
  create: realizedVolatility,
});
