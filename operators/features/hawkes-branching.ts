import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import {
  createRollingMoments,
  pushRollingMoments,
  type RollingMoments,
  rollingMean,
  squaredDistances,
} from '../rolling/rolling-moments.ts';
import {
  clearTimedIntervals,
  createTimedIntervals,
  passIntervals,
  type TimedIntervals,
} from '../rolling/timed-intervals.ts';
import { defineFeature, duration, type FeatureFold, wholeNumber } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** Plain data. */
export interface HawkesBranchingState {
  nowMs: number;
  readonly intervals: TimedIntervals;
  /** Whether the interval that goes on has been seen from its beginning. */
  isWhole: boolean;
  trades: number;
  counts: RollingMoments;
  /** NaN: not known. */
  value: number;
}

/**
 * Branching ratio of trades as a Hawkes process: how many trades each trade sets off on average, from 0 (they come
 * independently) to nearly 1 (nearly all are answers to others).
 *
 * n = max(0, 1 − 1/√F), F = variance / mean of the number of trades in intervals of `intervalMs`
 *
 * The estimator by moments, which needs no kernel: intervals have to be long against the memory of the process. Over
 * the last `samples` intervals that have ended, counted from the epoch, with the variance over one less than there are.
 *
 * Speaks once the intervals are there, while one of them has a trade; a gap of the trades starts it anew.
 * @see Hardiman & Bouchaud (2014), "Branching-ratio approximation for the self-exciting Hawkes process", Physical
 * Review E 90, 062807.
 */
export function hawkesBranching(options: {
  readonly intervalMs: number;
  readonly samples: number;
}): FeatureFold<Trade | Gap | Sample, HawkesBranchingState> {
  const { intervalMs, samples } = options;

  function passTime(state: HawkesBranchingState, timeMs: number): void {
    state.nowMs = Math.max(state.nowMs, timeMs);
    const before = state.intervals.current;
    passIntervals(state.intervals, state.nowMs, samples, () => endInterval(state));
    if (before >= 0 && before < state.intervals.current) state.value = branchingRatio(state.counts);
  }

  function endInterval(state: HawkesBranchingState): void {
    if (state.isWhole) pushRollingMoments(state.counts, state.trades);
    state.isWhole = true;
    state.trades = 0;
  }

  function branchingRatio(counts: RollingMoments): number {
    if (counts.recent.count < samples) return Number.NaN;
    return Math.max(0, 1 - Math.sqrt((rollingMean(counts) * (samples - 1)) / squaredDistances(counts)));
  }

  function restart(state: HawkesBranchingState): void {
    clearTimedIntervals(state.intervals);
    state.isWhole = false;
    state.trades = 0;
    state.counts = createRollingMoments(samples);
    state.value = Number.NaN;
  }

  return {
    initialState: () => ({
      nowMs: 0,
      intervals: createTimedIntervals(intervalMs),
      isWhole: false,
      trades: 0,
      counts: createRollingMoments(samples),
      value: Number.NaN,
    }),
    evolve: (state, event) => {
      if (event.type === 'trade') {
        passTime(state, event.transactionTimeMs);
        state.trades++;
      } else if (event.type === 'gap') {
        if (concernsTrades(event)) restart(state);
      } else if (state.intervals.current >= 0) passTime(state, event.timeMs);
      else state.nowMs = Math.max(state.nowMs, event.timeMs);
      return state;
    },
    project: ({ value }) => (Number.isNaN(value) ? undefined : value),
  };
}

export const HAWKES_BRANCHING = defineFeature({
  name: 'hawkes_branching',
  version: 1,
  title: 'Branching ratio of trades',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: {
    intervalMs: duration({ default: 10_000, says: 'time in which trades are counted' }),
    samples: wholeNumber('intervals', { default: 60, says: 'window', least: 2, most: 10_000 }),
  },
  outputs: { '': { unit: 'ratio', range: [0, 1], says: 'large: most trades are answers to others' } },
  warmUp: ({ intervalMs, samples }) => ({ count: intervalMs * (samples + 1), of: 'ms', also: 'a trade in the window' }),
  formula: 'max(0, 1 − √(mean / variance)) of the number of trades in intervals',
  source: 'Hardiman & Bouchaud (2014), Physical Review E 90, 062807',
  create: hawkesBranching,
});
