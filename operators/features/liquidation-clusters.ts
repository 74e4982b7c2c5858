import type { Gap } from '../../streams/events/gap.ts';
import type { Liquidation } from '../../streams/events/liquidation.ts';
import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** Liquidations that follow each other closely. */
export interface LiquidationCluster {
  readonly count: number;
  /** Filled quantity, in the base asset. */
  readonly volume: number;
}

/** Plain data. */
export interface LiquidationClustersState {
  /** When the last liquidation, or before it the first input, came; −1 before both. */
  lastMs: number;
  nowMs: number;
  /** Whether the cluster has been seen from its beginning. */
  isWhole: boolean;
  count: number;
  volume: number;
}

/**
 * The cluster of liquidations that goes on: how many there have been, each at most `gapMs` after the one before, and
 * their filled quantity in the base asset. 0 once more than `gapMs` have passed since the last.
 *
 * A sample: the venue sends at most one a second for each symbol, the latest, so that in a rush most are missing, and
 * `gapMs` below a second makes no sense.
 *
 * Speaks once `gapMs` have passed without a liquidation, since a cluster that was going on at the start is not known
 * whole. As liquidations are rare, that time begins with the first input of any kind, a sample too. A gap of the
 * liquidations starts it anew.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Liquidation-Order-Streams
 */
export function liquidationClusters({
  gapMs,
}: {
  readonly gapMs: number;
}): FeatureFold<Liquidation | Gap | Sample, LiquidationClustersState, LiquidationCluster> {
  function passTime(state: LiquidationClustersState, timeMs: number): void {
    state.nowMs = Math.max(state.nowMs, timeMs);
    if (state.lastMs < 0) state.lastMs = state.nowMs;
    if (state.nowMs - state.lastMs <= gapMs) return;
    state.isWhole = true;
    state.count = 0;
    state.volume = 0;
  }

  return {
    initialState: () => ({ lastMs: -1, nowMs: 0, isWhole: false, count: 0, volume: 0 }),
    evolve: (state, event) => {
      if (event.type === 'sample') passTime(state, event.timeMs);
      else if (event.type === 'liquidation') {
        passTime(state, event.transactionTimeMs);
        state.lastMs = state.nowMs;
        state.count++;
        state.volume += event.filledQty;
      } else if (event.channel === 'forceOrder') {
        state.lastMs = -1;
        state.isWhole = false;
        state.count = 0;
        state.volume = 0;
      }
      return state;
    },
    project: ({ isWhole, count, volume }) => (isWhole ? { count, volume } : undefined),
  };
}

export const LIQUIDATION_CLUSTERS = defineFeature({
  name: 'liquidation_clusters',
  version: 1,
  title: 'Liquidation clusters',
  group: 'derivatives',
  inputs: ['liquidation', 'gap', 'sample'],
  parameters: { gapMs: duration({ default: 10_000, least: 1_000, says: 'longest time between two of a cluster' }) },
  outputs: {
    count: { unit: 'count', range: [0, null], says: 'liquidations so far, of a sample of at most one a second' },
    volume: { unit: 'plainQty', range: [0, null], says: 'their filled quantity' },
  },
  warmUp: ({ gapMs }) => ({ count: gapMs, of: 'ms', also: 'no liquidation in that time' }),
  formula:
    'number and Σ q of liquidations each at most gapMs after the one before, of a sample of at most one a second',
  source: 'Binance, Liquidation Order Streams',
  create: liquidationClusters,
});
