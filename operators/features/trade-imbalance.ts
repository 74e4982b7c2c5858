import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import type { Projection } from '../fold.ts';
import {
  addToRollingSum,
  advanceRollingSum,
  clearRollingSum,
  createRollingSum,
  type RollingSum,
} from '../rolling-sum.ts';

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
 * Speaks at each quote, from `windowMs` after the first trade on, and is silent while the window holds no trade. A gap of
 * the trades' channel starts it anew.
 * @see Chordia, Roll & Subrahmanyam (2002), "Order imbalance, liquidity, and market returns", J. Financial Economics 65.
 */
export function tradeImbalance(options: {
  readonly windowMs: number;
}): Projection<Trade | Gap | TopOfBook, TradeImbalanceState, number> {
  return {
    initialState: () => ({ sinceMs: -1, nowMs: 0, volume: createRollingSum(options.windowMs) }),
    evolve: (state, event) => {
      if (event.type === 'topOfBook') {
        state.nowMs = Math.max(state.nowMs, event.transactionTimeMs);
      } else if (event.type === 'trade') {
        state.nowMs = Math.max(state.nowMs, event.transactionTimeMs);
        if (state.sinceMs < 0) state.sinceMs = state.nowMs;
        const isBuy = event.aggressorSide === 'buy';
        addToRollingSum(state.volume, state.nowMs, isBuy ? event.qtySteps : 0, isBuy ? 0 : event.qtySteps);
      } else if (event.channel === 'aggTrade' || event.channel === 'trade') {
        state.sinceMs = -1;
        clearRollingSum(state.volume);
      }
      advanceRollingSum(state.volume, state.nowMs);
      return state;
    },
    project: ({ sinceMs, nowMs, volume }, event) => {
      const isWarm = sinceMs >= 0 && nowMs - sinceMs >= options.windowMs;
      const total = volume.sum + volume.otherSum;
      if (event.type !== 'topOfBook' || !isWarm || total === 0) return undefined;
      return (volume.sum - volume.otherSum) / total;
    },
  };
}
