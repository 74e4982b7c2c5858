import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import {
  addToTimedSums,
  advanceTimedSums,
  clearTimedSums,
  createTimedSums,
  type TimedSums,
} from '../rolling/timed-sums.ts';
import type { FeatureFold, FeatureValue } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** Plain data. */
export interface OfTradeWindowState {
  /** When the first trade since the start or the last gap came; −1 before it. */
  sinceMs: number;
  /** When the last one came. */
  lastMs: number;
  nowMs: number;
  readonly sums: TimedSums;
}

/**
 * A feature of sums over the trades of the last `windowMs`. Speaks from `windowMs` after the first trade on; a gap of
 * the trades' channel starts it anew.
 * @param width numbers in a row
 * @param row what a trade adds to the sums, `pauseMs` after the one before; of the first trade it never counts
 * @param value what is said of the sums and the number of trades
 */
export function ofTradeWindow<Value extends FeatureValue>(
  windowMs: number,
  width: number,
  row: (trade: Trade, pauseMs: number) => readonly number[],
  value: (sums: Float64Array, trades: number) => Value | undefined,
): FeatureFold<Trade | Gap | Sample, OfTradeWindowState, Value> {
  return {
    initialState: () => ({ sinceMs: -1, lastMs: 0, nowMs: 0, sums: createTimedSums(windowMs, width) }),
    evolve: (state, event) => {
      if (event.type === 'sample') {
        state.nowMs = Math.max(state.nowMs, event.timeMs);
      } else if (event.type === 'trade') {
        state.nowMs = Math.max(state.nowMs, event.transactionTimeMs);
        const pauseMs = state.sinceMs < 0 ? 0 : state.nowMs - state.lastMs;
        if (state.sinceMs < 0) state.sinceMs = state.nowMs;
        state.lastMs = state.nowMs;
        addToTimedSums(state.sums, state.nowMs, row(event, pauseMs));
      } else if (concernsTrades(event)) {
        state.sinceMs = -1;
        clearTimedSums(state.sums);
      }
      advanceTimedSums(state.sums, state.nowMs);
      return state;
    },
    project: ({ sinceMs, nowMs, sums: { sums, count } }) =>
      sinceMs >= 0 && nowMs - sinceMs >= windowMs ? value(sums, count) : undefined,
  };
}
