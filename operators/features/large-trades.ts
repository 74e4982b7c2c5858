import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import { createOrderedWindow, type OrderedWindow, pushOrderedWindow, valueAtRank } from '../rolling/ordered-window.ts';
import {
  addToTimedSums,
  advanceTimedSums,
  clearTimedSums,
  createTimedSums,
  type TimedSums,
} from '../rolling/timed-sums.ts';
import { defineFeature, duration, type FeatureFold, realNumber, wholeNumber } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** Trades that are large beside those before them. */
export interface LargeTrades {
  readonly count: number;
  /** What takers bought in them less what they sold, in steps. */
  readonly volume: number;
}

/** Plain data. */
export interface LargeTradesState {
  sizes: OrderedWindow;
  /** When the first trade that could be judged came; −1 before it. */
  sinceMs: number;
  nowMs: number;
  /** Signed volume of the large ones. */
  readonly volumes: TimedSums;
}

/**
 * Large trades of the last `windowMs`: their number, and what takers bought in them less what they sold, in steps. A
 * trade is large that is larger than the `quantile` of the `trades` before it, the ⌈quantile·trades⌉-th by size.
 *
 * Speaks from `windowMs` after the first trade that has so many before it, 0 where none was large; a gap of the trades
 * starts it anew.
 * @see Barclay & Warner (1993), "Stealth trading and volatility", J. Financial Economics 34(3).
 */
export function largeTrades(options: {
  readonly trades: number;
  readonly quantile: number;
  readonly windowMs: number;
}): FeatureFold<Trade | Gap | Sample, LargeTradesState, LargeTrades> {
  const { trades, quantile, windowMs } = options;
  const rank = Math.max(0, Math.ceil(quantile * trades) - 1);

  function takeTrade(state: LargeTradesState, { qtySteps, aggressorSide }: Trade): void {
    const { sizes } = state;
    if (sizes.recent.count === trades) {
      if (state.sinceMs < 0) state.sinceMs = state.nowMs;
      if (qtySteps > valueAtRank(sizes, rank))
        addToTimedSums(state.volumes, state.nowMs, [aggressorSide === 'buy' ? qtySteps : -qtySteps]);
    }
    pushOrderedWindow(sizes, qtySteps);
  }

  return {
    initialState: () => ({
      sizes: createOrderedWindow(trades),
      sinceMs: -1,
      nowMs: 0,
      volumes: createTimedSums(windowMs, 1),
    }),
    evolve: (state, event) => {
      if (event.type === 'gap') {
        if (!concernsTrades(event)) return state;
        state.sizes = createOrderedWindow(trades);
        state.sinceMs = -1;
        clearTimedSums(state.volumes);
        return state;
      }
      state.nowMs = Math.max(state.nowMs, event.type === 'sample' ? event.timeMs : event.transactionTimeMs);
      if (event.type === 'trade') takeTrade(state, event);
      advanceTimedSums(state.volumes, state.nowMs);
      return state;
    },
    project: ({ sinceMs, nowMs, volumes: { sums, count } }) =>
      sinceMs >= 0 && nowMs - sinceMs >= windowMs ? { count, volume: sums[0]! } : undefined,
  };
}

export const LARGE_TRADES = defineFeature({
  name: 'large_trades',
  version: 1,
  title: 'Large trades',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: {
    trades: wholeNumber('trades', { default: 1_000, says: 'of which the quantile is taken', most: 100_000 }),
    quantile: realNumber('', { default: 0.95, least: 0, most: 1, says: 'part of the trades that are not large' }),
    windowMs: duration({ default: 60_000, says: 'window' }),
  },
  outputs: {
    count: { unit: 'count', range: [0, null], says: 'large trades in the window' },
    volume: { unit: 'qty', range: [null, null], says: 'positive: takers bought more in them than they sold' },
  },
  warmUp: ({ trades, windowMs }) => ({ count: trades + 1, of: 'trades', also: `${windowMs} ms after that` }),
  formula: 'number and Σ D·q of trades with q above the quantile of the trades before them',
  source: 'after Barclay & Warner (1993), J. Financial Economics 34(3)',
  create: largeTrades,
});
