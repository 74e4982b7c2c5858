import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import {
  clearTimedIntervals,
  createTimedIntervals,
  passIntervals,
  type TimedIntervals,
} from '../rolling/timed-intervals.ts';
import { defineFeature, duration, type FeatureFold, wholeNumber } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** Plain data. */
export interface AmihudIlliquidityState {
  nowMs: number;
  readonly intervals: TimedIntervals;
  /** Price of the last trade; NaN before it. */
  price: number;
  /** The same at the end of the interval before. */
  lastClose: number;
  /** Price × quantity in the interval that goes on. */
  notional: number;
  /** Of the last intervals; NaN: without a trade. */
  ratios: RecentValues;
  /** Of those that are known, and how many they are. */
  sum: ExactSum;
  known: number;
}

/**
 * Amihud's illiquidity: by how much the price moves for each unit of quote volume, as a log return per tick·step; the
 * larger, the less liquid.
 *
 * Mean of |ln(p_i / p_{i−1})| / Σ p·q over those of the last `samples` intervals in which there was a trade, p_i the
 * price of the last trade up to the end of the interval
 *
 * The intervals are counted from the epoch. Speaks once they are there, while one of them has a trade; a gap of the
 * trades starts it anew.
 * @see Amihud (2002), "Illiquidity and stock returns", J. Financial Markets 5(1), eq. 1.
 */
export function amihudIlliquidity(options: {
  readonly intervalMs: number;
  readonly samples: number;
}): FeatureFold<Trade | Gap | Sample, AmihudIlliquidityState> {
  const { intervalMs, samples } = options;

  function passTime(state: AmihudIlliquidityState, timeMs: number): void {
    state.nowMs = Math.max(state.nowMs, timeMs);
    passIntervals(state.intervals, state.nowMs, samples, () => endInterval(state));
  }

  function endInterval(state: AmihudIlliquidityState): void {
    const { price, lastClose, notional } = state;
    // The first interval may have begun before what was seen of it.
    if (!Number.isNaN(lastClose))
      takeRatio(state, notional > 0 ? Math.abs(Math.log(price / lastClose)) / notional : Number.NaN);
    state.lastClose = price;
    state.notional = 0;
  }

  function takeRatio(state: AmihudIlliquidityState, ratio: number): void {
    const isFull = state.ratios.count === samples;
    const oldest = pushRecentValue(state.ratios, ratio);
    const hasLeft = isFull && !Number.isNaN(oldest);
    const isKnown = !Number.isNaN(ratio);
    exchangeInExactSum(state.sum, isKnown ? ratio : 0, hasLeft ? oldest : 0);
    state.known += (isKnown ? 1 : 0) - (hasLeft ? 1 : 0);
  }

  function takeTrade(state: AmihudIlliquidityState, { priceTicks, qtySteps }: Trade): void {
    // A price of nothing has no return.
    if (priceTicks <= 0) return;
    state.price = priceTicks;
    state.notional += priceTicks * qtySteps;
  }

  function restart(state: AmihudIlliquidityState): void {
    clearTimedIntervals(state.intervals);
    state.price = Number.NaN;
    state.lastClose = Number.NaN;
    state.notional = 0;
    state.ratios = createRecentValues(samples);
    state.sum = createExactSum();
    state.known = 0;
  }

  return {
    initialState: () => ({
      nowMs: 0,
      intervals: createTimedIntervals(intervalMs),
      price: Number.NaN,
      lastClose: Number.NaN,
      notional: 0,
      ratios: createRecentValues(samples),
      sum: createExactSum(),
      known: 0,
    }),
    evolve: (state, event) => {
      if (event.type === 'trade') {
        passTime(state, event.transactionTimeMs);
        takeTrade(state, event);
      } else if (event.type === 'gap') {
        if (concernsTrades(event)) restart(state);
      } else if (state.intervals.current >= 0) passTime(state, event.timeMs);
      else state.nowMs = Math.max(state.nowMs, event.timeMs);
      return state;
    },
    project: ({ ratios, sum, known }) => (ratios.count === samples && known > 0 ? sum.high / known : undefined),
  };
}

export const AMIHUD_ILLIQUIDITY = defineFeature({
  name: 'amihud_illiquidity',
  version: 1,
  title: 'Amihud’s illiquidity',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: {
    intervalMs: duration({ default: 60_000, says: 'time of a return' }),
    samples: wholeNumber('intervals', { default: 60, says: 'window', most: 100_000 }),
  },
  outputs: { '': { unit: 'perNotional', range: [0, null], says: 'large: prices move for little volume' } },
  warmUp: ({ intervalMs, samples }) => ({ count: intervalMs * (samples + 1), of: 'ms', also: 'a trade in the window' }),
  formula: 'mean of |ln(p_i / p_{i−1})| / Σ p·q over intervals with a trade',
  source: 'Amihud (2002), J. Financial Markets 5(1), eq. 1',
  create: amihudIlliquidity,
});
