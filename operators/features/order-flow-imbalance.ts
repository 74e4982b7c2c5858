import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import {
  addToRollingSum,
  advanceRollingSum,
  clearRollingSum,
  createRollingSum,
  type RollingSum,
} from '../rolling-sum.ts';
import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { Sample } from './feature-input.ts';

/**
 * Order flow of one change of the best quotes, in steps; positive is buying pressure.
 *
 * e_n = q_b·1{P_b ≥ P_b′} − q_b′·1{P_b ≤ P_b′} − q_a·1{P_a ≤ P_a′} + q_a′·1{P_a ≥ P_a′}, a prime marking the quote before.
 *
 * @see Cont, Kukanov & Stoikov (2014), "The Price Impact of Order Book Events", J. Financial Econometrics 12(1).
 */
export function orderFlow(before: TopOfBook, now: TopOfBook): number {
  let flow = 0;
  if (now.bidTicks >= before.bidTicks) flow += now.bidSteps;
  if (now.bidTicks <= before.bidTicks) flow -= before.bidSteps;
  if (now.askTicks <= before.askTicks) flow -= now.askSteps;
  if (now.askTicks >= before.askTicks) flow += before.askSteps;
  return flow;
}

/** Plain data. */
export interface OrderFlowState {
  before: TopOfBook | null;
  /** When the first quote since the start or the last break came. */
  sinceMs: number;
  nowMs: number;
  readonly flow: RollingSum;
}

/**
 * Sum of `orderFlow` over the last `windowMs`, in steps.
 * Speaks from `windowMs` after the first quote on; a break of the book starts it anew.
 */
export function orderFlowImbalance(options: {
  readonly windowMs: number;
}): FeatureFold<TopOfBook | BookBreak | Sample, OrderFlowState> {
  return {
    initialState: () => ({ before: null, sinceMs: 0, nowMs: 0, flow: createRollingSum(options.windowMs) }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') {
        state.before = null;
        clearRollingSum(state.flow);
        return state;
      }
      state.nowMs = Math.max(state.nowMs, event.type === 'sample' ? event.timeMs : event.transactionTimeMs);
      if (event.type === 'sample') {
        advanceRollingSum(state.flow, state.nowMs);
        return state;
      }
      if (state.before === null) state.sinceMs = state.nowMs;
      else addToRollingSum(state.flow, state.nowMs, orderFlow(state.before, event), 0);
      advanceRollingSum(state.flow, state.nowMs);
      state.before = event;
      return state;
    },
    project: ({ before, nowMs, sinceMs, flow }) =>
      before !== null && nowMs - sinceMs >= options.windowMs ? flow.sum : undefined,
  };
}

export const ORDER_FLOW_IMBALANCE = defineFeature({
  name: 'order_flow_imbalance',
  version: 1,
  title: 'Order-flow imbalance',
  group: 'flow',
  inputs: ['topOfBook', 'bookBreak', 'sample'],
  parameters: { windowMs: duration({ default: 1_000, says: 'window' }) },
  outputs: {
    '': { unit: 'qty', range: [null, null], says: 'positive: more was added to the bid or taken from the ask' },
  },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a valid book' }),
  formula: 'Σ e_n, e_n = q_b·1{P_b ≥ P_b′} − q_b′·1{P_b ≤ P_b′} − q_a·1{P_a ≤ P_a′} + q_a′·1{P_a ≥ P_a′}',
  source: 'Cont, Kukanov & Stoikov (2014), J. Financial Econometrics 12(1)',
  create: orderFlowImbalance,
});
