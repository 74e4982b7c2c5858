import type { BookBreak } from '../book/book-break.ts';
import {
  addToTimedSums,
  advanceTimedSums,
  clearTimedSums,
  createTimedSums,
  type TimedSums,
} from '../rolling/timed-sums.ts';
import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { DepthView, Sample } from './feature-input.ts';
import {
  clearLevelFlow,
  createLevelFlow,
  FLOW_LEVELS,
  type LevelFlowState,
  levelFlows,
  takeLevels,
} from './level-flow.ts';

/** By level, the best first, in steps. */
export interface LevelImbalances {
  readonly level_1: number;
  readonly level_2: number;
  readonly level_3: number;
  readonly level_4: number;
  readonly level_5: number;
}

/** Plain data. */
export interface MultiLevelOrderFlowState {
  readonly levels: LevelFlowState;
  /** When the first book since the start or the last break came. */
  sinceMs: number;
  nowMs: number;
  readonly flows: TimedSums;
}

/**
 * Sum of `levelFlow` of each of the five best levels over the last `windowMs`, in steps; positive is buying pressure.
 * That of the first level is the order-flow imbalance of the best quotes.
 *
 * Speaks from `windowMs` after the first book on. A break of the book starts it anew, and so does a book with fewer
 * than five levels on a side.
 * @see Xu, Gould & Howison (2018), "Multi-Level Order-Flow Imbalance in a Limit Order Book", Market Microstructure and
 * Liquidity 4(3–4).
 */
export function multiLevelOrderFlowImbalance({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<DepthView | BookBreak | Sample, MultiLevelOrderFlowState, LevelImbalances> {
  function takeView(state: MultiLevelOrderFlowState, view: DepthView): void {
    if (!takeLevels(state.levels, view)) clearTimedSums(state.flows);
    else if (state.levels.known === 1) state.sinceMs = state.nowMs;
    else addToTimedSums(state.flows, state.nowMs, levelFlows(state.levels));
  }

  return {
    initialState: () => ({
      levels: createLevelFlow(),
      sinceMs: 0,
      nowMs: 0,
      flows: createTimedSums(windowMs, FLOW_LEVELS),
    }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') {
        clearLevelFlow(state.levels);
        clearTimedSums(state.flows);
        return state;
      }
      state.nowMs = Math.max(state.nowMs, event.type === 'sample' ? event.timeMs : event.transactionTimeMs);
      if (event.type === 'depthView') takeView(state, event);
      advanceTimedSums(state.flows, state.nowMs);
      return state;
    },
    project: ({ levels, nowMs, sinceMs, flows: { sums } }) => {
      if (levels.known === 0 || nowMs - sinceMs < windowMs) return undefined;
      return {
        level_1: sums[0]!,
        level_2: sums[1]!,
        level_3: sums[2]!,
        level_4: sums[3]!,
        level_5: sums[4]!,
      };
    },
  };
}

const ofLevel = (level: string) =>
  ({ unit: 'qty', range: [null, null], says: `of the ${level} level; positive: buying pressure` }) as const;

export const MULTI_LEVEL_ORDER_FLOW_IMBALANCE = defineFeature({
  name: 'multi_level_order_flow_imbalance',
  version: 1,
  title: 'Multi-level order-flow imbalance',
  group: 'flow',
  inputs: ['depthView', 'bookBreak', 'sample'],
  parameters: { windowMs: duration({ default: 1_000, says: 'window' }) },
  outputs: {
    level_1: ofLevel('best'),
    level_2: ofLevel('second'),
    level_3: ofLevel('third'),
    level_4: ofLevel('fourth'),
    level_5: ofLevel('fifth'),
  },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a valid book of five levels a side' }),
  formula: 'Σ e_n of each level, e_n as that of the best quotes, of the m-th best prices',
  source: 'Xu, Gould & Howison (2018), Market Microstructure and Liquidity 4(3–4)',
  create: multiLevelOrderFlowImbalance,
});
