import type { Gap } from '../../streams/events/gap.ts';
import type { InstrumentInfo } from '../../streams/events/instrument-info.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import { defineFeature, duration, type FeatureFold, realNumber, wholeNumber } from './definition.ts';

/** Plain data. */
export interface VpinState {
  /** Volume of a bucket; 0 before the instrument is known. */
  bucketSteps: number;
  /** Stretch of `restartMs` that the last trade lies in, counted from the epoch; −1 before the first. */
  stretch: number;
  /** Whether the beginning of a stretch was seen: what is before it does not count. */
  isBegun: boolean;
  /** Of the bucket that is being filled: volume, and what was bought less what was sold. */
  filled: number;
  bought: number;
  /** |V_buy − V_sell| of the last buckets, and their sum. */
  imbalances: RecentValues;
  total: number;
}

/**
 * Volume-synchronised probability of informed trading, from 0 (each bucket of volume was bought as much as sold) to 1.
 *
 * Σ |V_buy − V_sell| / (n·V) over the last n buckets of volume V
 *
 * By the true side of the taker, where the paper has to guess it from prices. A trade that is larger than what is left
 * of a bucket goes on in the next. At each multiple of `restartMs` since the epoch a bucket that is not full is dropped,
 * and the first of them is where buckets begin, so that they do not depend on where the recording began. Of `bucketQty`,
 * as many whole steps as are nearest.
 *
 * Speaks once `buckets` are full after that; a gap of the trades or another step size starts it anew.
 * @see Easley, López de Prado & O'Hara (2012), "Flow Toxicity and Liquidity in a High-frequency World", Review of
 * Financial Studies 25(5).
 */
export function vpin(options: {
  readonly bucketQty: number;
  readonly buckets: number;
  readonly restartMs: number;
}): FeatureFold<Trade | Gap | InstrumentInfo, VpinState> {
  const { bucketQty, buckets, restartMs } = options;

  function restart(state: VpinState): void {
    state.stretch = -1;
    state.isBegun = false;
    dropBucket(state);
    state.imbalances = createRecentValues(buckets);
    state.total = 0;
  }

  function takeTrade(state: VpinState, { transactionTimeMs, qtySteps, aggressorSide }: Trade): void {
    const { bucketSteps } = state;
    if (bucketSteps === 0) return;
    const stretch = Math.floor(transactionTimeMs / restartMs);
    if (stretch > state.stretch) {
      dropBucket(state);
      state.isBegun = state.stretch >= 0;
      state.stretch = stretch;
    }
    if (!state.isBegun) return;
    // Of a trade that fills all buckets, and more, only the last of them are left.
    const spare = Math.floor(qtySteps / bucketSteps) - buckets - 1;
    let left = spare > 0 ? qtySteps - spare * bucketSteps : qtySteps;
    while (left > 0) {
      const part = Math.min(left, bucketSteps - state.filled);
      state.filled += part;
      state.bought += aggressorSide === 'buy' ? part : -part;
      left -= part;
      if (state.filled === bucketSteps) closeBucket(state);
    }
  }

  function closeBucket(state: VpinState): void {
    const imbalance = Math.abs(state.bought);
    // Whole numbers, whose running sum is exact.
    state.total += imbalance - pushRecentValue(state.imbalances, imbalance);
    dropBucket(state);
  }

  return {
    initialState: () => ({
      bucketSteps: 0,
      stretch: -1,
      isBegun: false,
      filled: 0,
      bought: 0,
      imbalances: createRecentValues(buckets),
      total: 0,
    }),
    evolve: (state, event) => {
      if (event.type === 'trade') takeTrade(state, event);
      else if (event.type === 'gap') {
        if (concernsTrades(event)) restart(state);
      } else {
        const bucketSteps = Math.max(1, Math.round(bucketQty / event.scale.qty.toNumber(1)));
        if (bucketSteps !== state.bucketSteps) restart(state);
        state.bucketSteps = bucketSteps;
      }
      return state;
    },
    project: ({ imbalances, total, bucketSteps }) =>
      imbalances.count === buckets ? total / (buckets * bucketSteps) : undefined,
  };
}

function dropBucket(state: VpinState): void {
  state.filled = 0;
  state.bought = 0;
}

export const VPIN = defineFeature({
  name: 'vpin',
  version: 1,
  title: 'VPIN',
  group: 'flow',
  inputs: ['trade', 'gap', 'instrument'],
  parameters: {
    bucketQty: realNumber('base asset', { default: 100, least: 1e-9, most: 1e12, says: 'volume of a bucket' }),
    buckets: wholeNumber('buckets', { default: 50, says: 'window', most: 10_000 }),
    restartMs: duration({ default: 3_600_000, says: 'time at whose multiples a bucket that is not full is dropped' }),
  },
  outputs: { '': { unit: 'ratio', range: [0, 1], says: 'the larger, the more one-sided the volume' } },
  warmUp: ({ buckets }) => ({
    count: buckets,
    of: 'trades',
    also: 'as much volume as the buckets hold, behind a multiple of restartMs',
  }),
  formula: 'Σ |V_buy − V_sell| / (n·V) over n buckets of volume V, sides as traded',
  source: "Easley, López de Prado & O'Hara (2012), Review of Financial Studies 25(5)",
  create: vpin,
});
