import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import {
  createRollingComoments,
  pushRollingComoments,
  type RollingComoments,
  sumOfCodistances,
} from '../rolling/rolling-comoments.ts';
import { squaredDistances } from '../rolling/rolling-moments.ts';
import {
  clearTimedIntervals,
  createTimedIntervals,
  passIntervals,
  type TimedIntervals,
} from '../rolling/timed-intervals.ts';
import { defineFeature, duration, type FeatureFold, wholeNumber } from './definition.ts';
import { midprice } from './midprice.ts';

/** Plain data. */
export interface KyleLambdaState {
  /** NaN: there is no valid book. */
  mid: number;
  hasTraded: boolean;
  nowMs: number;
  readonly intervals: TimedIntervals;
  /** Midprice at the end of the interval before; NaN where none has ended. */
  lastMid: number;
  /** Bought less sold in the interval that goes on. */
  volume: number;
  /** Volume and move of the last intervals. */
  pairs: RollingComoments;
  /** NaN: not known. */
  lambda: number;
}

/**
 * Kyle's λ: by how much the midprice rises for each unit that takers buy beyond what they sell, in ticks per step; the
 * larger, the less liquid.
 *
 * λ = cov(Δm, v) / var(v), by least squares with a constant over the last `samples` intervals that have ended
 *
 * Δm is between the last midprices of an interval and of the one before, v what takers bought less what they sold in
 * it. Found anew at the end of each interval; they are counted from the epoch. Trades and depth come on different
 * connections: each is of the interval that goes on in the log.
 *
 * Speaks once the intervals are there, while signed volume varies in them; a break of the book or a gap of the trades
 * starts it anew.
 * @see Kyle (1985), "Continuous Auctions and Insider Trading", Econometrica 53(6), for λ; Hasbrouck (2009), "Trading
 * Costs and Returns for U.S. Equities", J. Finance 64(3), for a regression, there of returns on the sum of signed roots
 * of quote volume.
 */
export function kyleLambda(options: {
  readonly intervalMs: number;
  readonly samples: number;
}): FeatureFold<TopOfBook | BookBreak | Trade | Gap, KyleLambdaState> {
  const { intervalMs, samples } = options;

  function passTime(state: KyleLambdaState, timeMs: number): void {
    state.nowMs = Math.max(state.nowMs, timeMs);
    // The first interval is the one in which both have come.
    if (Number.isNaN(state.mid) || !state.hasTraded) return;
    const before = state.intervals.current;
    passIntervals(state.intervals, state.nowMs, samples, () => endInterval(state));
    if (before >= 0 && before < state.intervals.current) state.lambda = slope(state.pairs);
  }

  function slope(pairs: RollingComoments): number {
    const variance = squaredDistances(pairs.x);
    return pairs.x.recent.count === samples && variance > 0 ? sumOfCodistances(pairs) / variance : Number.NaN;
  }

  function endInterval(state: KyleLambdaState): void {
    if (!Number.isNaN(state.lastMid)) {
      pushRollingComoments(state.pairs, state.volume, state.mid - state.lastMid);
    }
    state.lastMid = state.mid;
    state.volume = 0;
  }

  function restart(state: KyleLambdaState): void {
    clearTimedIntervals(state.intervals);
    state.hasTraded = false;
    state.lastMid = Number.NaN;
    state.volume = 0;
    state.pairs = createRollingComoments(samples);
    state.lambda = Number.NaN;
  }

  return {
    initialState: () => ({
      mid: Number.NaN,
      hasTraded: false,
      nowMs: 0,
      intervals: createTimedIntervals(intervalMs),
      lastMid: Number.NaN,
      volume: 0,
      pairs: createRollingComoments(samples),
      lambda: Number.NaN,
    }),
    evolve: (state, event) => {
      if (event.type === 'gap') {
        if (concernsTrades(event)) restart(state);
      } else if (event.type === 'bookBreak') {
        restart(state);
        state.mid = Number.NaN;
      } else {
        passTime(state, event.transactionTimeMs);
        if (event.type === 'topOfBook') state.mid = midprice(event);
        else {
          state.hasTraded = true;
          state.volume += event.aggressorSide === 'buy' ? event.qtySteps : -event.qtySteps;
        }
        passTime(state, event.transactionTimeMs);
      }
      return state;
    },
    project: ({ lambda }) => (Number.isNaN(lambda) ? undefined : lambda),
  };
}

export const KYLE_LAMBDA = defineFeature({
  name: 'kyle_lambda',
  version: 1,
  title: 'Kyle’s lambda',
  group: 'flow',
  inputs: ['topOfBook', 'bookBreak', 'trade', 'gap'],
  parameters: {
    intervalMs: duration({ default: 1_000, says: 'time between two midprices' }),
    samples: wholeNumber('intervals', { default: 300, says: 'window', least: 3, most: 100_000 }),
  },
  outputs: {
    '': { unit: 'pricePerQty', range: [null, null], says: 'positive: prices follow the takers; large: illiquid' },
  },
  warmUp: ({ intervalMs, samples }) => ({
    count: intervalMs * (samples + 1),
    of: 'ms',
    also: 'a valid book and trades of different size',
  }),
  formula: 'cov(Δm, v) / var(v), v = Σ D·q of an interval, Δm the change of the midprice at its end',
  source: 'Kyle (1985), Econometrica 53(6); the regression after Hasbrouck (2009), J. Finance 64(3)',
  create: kyleLambda,
});
