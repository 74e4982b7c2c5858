import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import {
  addToRollingSum,
  advanceRollingSum,
  clearRollingSum,
  createRollingSum,
  type RollingSum,
} from '../rolling-sum.ts';
import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** Plain data. */
export interface TradeImbalanceState {
  /** When the first trade since the start or the last gap came; −1 before it. */
  sinceMs: number;
  nowMs: number;
  /** Volume bought and volume sold by takers. */
  readonly volume: RollingSum;
}

/**
 * Imbalance of what takers bought and sold in the last `windowMs`, from −1 (all sold) to 1 (all bought).
 *
 * (V_buy − V_sell) / (V_buy + V_sell)
 *
 * Speaks from `windowMs` after the first trade on, and is silent while the window holds no trade. A gap of the trades'
 * channel starts it anew.
 * @see Chordia, Roll & Subrahmanyam (2002), "Order imbalance, liquidity, and market returns", J. Financial Economics 65.
 */
export function tradeImbalance(options: {
  readonly windowMs: number;
}): FeatureFold<Trade | Gap | Sample, TradeImbalanceState> {
  return {
    initialState: () => ({ sinceMs: -1, nowMs: 0, volume: createRollingSum(options.windowMs) }),
    evolve: (state, event) => {
      if (event.type === 'sample') {
        state.nowMs = Math.max(state.nowMs, event.timeMs);
      } else if (event.type === 'trade') {
        state.nowMs = Math.max(state.nowMs, event.transactionTimeMs);
        if (state.sinceMs < 0) state.sinceMs = state.nowMs;
        const isBuy = event.aggressorSide === 'buy';
        addToRollingSum(state.volume, state.nowMs, isBuy ? event.qtySteps : 0, isBuy ? 0 : event.qtySteps);
      } else if (concernsTrades(event)) {
        state.sinceMs = -1;
        clearRollingSum(state.volume);
      }
      advanceRollingSum(state.volume, state.nowMs);
      return state;
    },
    project: ({ sinceMs, nowMs, volume }) => {
      const isWarm = sinceMs >= 0 && nowMs - sinceMs >= options.windowMs;
      const total = volume.sum + volume.otherSum;
      return isWarm && total > 0 ? (volume.sum - volume.otherSum) / total : undefined;
    },
  };
}

export const TRADE_IMBALANCE = defineFeature({
  name: 'trade_imbalance',
  version: 1,
  title: 'Trade imbalance',
  group: 'flow',
  inputs: ['trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window' }) },
  outputs: { '': { unit: 'ratio', range: [-1, 1], says: 'positive: takers bought more than they sold' } },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a trade in the window' }),
  formula: '(V_buy − V_sell) / (V_buy + V_sell)',
  source: 'Chordia, Roll & Subrahmanyam (2002), J. Financial Economics 65',
  create: tradeImbalance,
});
