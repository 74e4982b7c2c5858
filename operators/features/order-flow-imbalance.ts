import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import type { Projection } from '../fold.ts';
import {
  addToRollingSum,
  advanceRollingSum,
  clearRollingSum,
  createRollingSum,
  type RollingSum,
} from '../rolling-sum.ts';

/**
 * Order flow of one change of the best quotes, in steps; positive is buying pressure.
 *
 * e_n = q_b·1{P_b ≥ P_b′} − q_b′·1{P_b ≤ P_b′} − q_a·1{P_a ≤ P_a′} + q_a′·1{P_a ≥ P_a′}, a prime marking the quote before.
 *
 * @see Cont, Kukanov & Stoikov (2014), "The Price Impact of Order Book Events", J. Financial Econometrics 12(1), eq. 3.
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
 * Speaks at each quote, from `windowMs` after the first quote on; a break of the book starts it anew.
 */
export function orderFlowImbalance(options: {
  readonly windowMs: number;
}): Projection<TopOfBook | BookBreak, OrderFlowState, number> {
  return {
    initialState: () => ({ before: null, sinceMs: 0, nowMs: 0, flow: createRollingSum(options.windowMs) }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') {
        state.before = null;
        clearRollingSum(state.flow);
        return state;
      }
      state.nowMs = Math.max(state.nowMs, event.transactionTimeMs);
      if (state.before === null) state.sinceMs = state.nowMs;
      else addToRollingSum(state.flow, state.nowMs, orderFlow(state.before, event), 0);
      advanceRollingSum(state.flow, state.nowMs);
      state.before = event;
      return state;
    },
    project: (state, event) => {
      const isWarm = state.before !== null && state.nowMs - state.sinceMs >= options.windowMs;
      return isWarm && event.type === 'topOfBook' ? state.flow.sum : undefined;
    },
  };
}
