import type { Gap } from '../../streams/events/gap.ts';
import type { Liquidation } from '../../streams/events/liquidation.ts';
import {
  addToTimedSums,
  advanceTimedSums,
  clearTimedSums,
  createTimedSums,
  type TimedSums,
} from '../rolling/timed-sums.ts';
import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** Liquidations of longs and of shorts. */
export interface Liquidations {
  readonly longCount: number;
  readonly shortCount: number;
  /** In the base asset. */
  readonly longVolume: number;
  readonly shortVolume: number;
  /** From −1 (only shorts) to 1 (only longs); undefined where there were none. */
  readonly imbalance: number | undefined;
}

/** Plain data. */
export interface LiquidationsState {
  /** When the first input since the start or the last gap came; −1 before it. */
  sinceMs: number;
  nowMs: number;
  /** Count and volume of longs, then of shorts. */
  readonly sums: TimedSums;
}

/**
 * Liquidations of the last `windowMs`: number and filled quantity, in the base asset, of longs (closed by a sell order)
 * and of shorts (closed by a buy order), and (V_long − V_short) / (V_long + V_short).
 *
 * A sample: the venue sends at most one a second for each symbol, the latest, so that in a rush most are missing.
 *
 * As they are rare, the window begins with the first input of any kind, a sample too, and 0 is said where there were
 * none in a whole window; the imbalance is then silent. A gap of the liquidations starts it anew.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Liquidation-Order-Streams
 */
export function liquidations({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<Liquidation | Gap | Sample, LiquidationsState, Liquidations> {
  return {
    initialState: () => ({ sinceMs: -1, nowMs: 0, sums: createTimedSums(windowMs, 4) }),
    evolve: (state, event) => {
      if (event.type === 'gap') {
        if (event.channel !== 'forceOrder') return state;
        state.sinceMs = -1;
        clearTimedSums(state.sums);
        return state;
      }
      state.nowMs = Math.max(state.nowMs, event.type === 'sample' ? event.timeMs : event.transactionTimeMs);
      if (state.sinceMs < 0) state.sinceMs = state.nowMs;
      if (event.type === 'liquidation') {
        const { side, filledQty } = event;
        addToTimedSums(state.sums, state.nowMs, side === 'sell' ? [1, filledQty, 0, 0] : [0, 0, 1, filledQty]);
      }
      advanceTimedSums(state.sums, state.nowMs);
      return state;
    },
    project: ({ sinceMs, nowMs, sums: { sums } }) => {
      if (sinceMs < 0 || nowMs - sinceMs < windowMs) return undefined;
      const [longCount, longVolume, shortCount, shortVolume] = [sums[0]!, sums[1]!, sums[2]!, sums[3]!];
      const total = longVolume + shortVolume;
      const imbalance = total > 0 ? (longVolume - shortVolume) / total : undefined;
      return { longCount, shortCount, longVolume, shortVolume, imbalance };
    },
  };
}

export const LIQUIDATIONS = defineFeature({
  name: 'liquidations',
  version: 1,
  title: 'Liquidations',
  group: 'derivatives',
  inputs: ['liquidation', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 60_000, says: 'window' }) },
  outputs: {
    longCount: { unit: 'count', range: [0, null], says: 'longs of the sample: at most one liquidation a second' },
    shortCount: { unit: 'count', range: [0, null], says: 'shorts of the sample: at most one liquidation a second' },
    longVolume: { unit: 'plainQty', range: [0, null], says: 'filled quantity of the longs of the sample' },
    shortVolume: { unit: 'plainQty', range: [0, null], says: 'filled quantity of the shorts of the sample' },
    imbalance: { unit: 'ratio', range: [-1, 1], says: 'by volume of the sample; positive: more longs' },
  },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'for the imbalance, a liquidation in the window' }),
  formula: 'number and Σ q of sell orders (longs) and buy orders (shorts) of a sample of at most one a second',
  source: 'Binance, Liquidation Order Streams',
  create: liquidations,
});
