import type { BookBreak } from '../book/book-break.ts';
import {
  clearTimedIntervals,
  createTimedIntervals,
  passIntervals,
  type TimedIntervals,
} from '../rolling/timed-intervals.ts';
import {
  addToTimedSums,
  advanceTimedSums,
  clearTimedSums,
  createTimedSums,
  type TimedSums,
} from '../rolling/timed-sums.ts';
import { defineFeature, duration, type FeatureFold, wholeNumber } from './definition.ts';
import type { DepthView, Sample } from './feature-input.ts';
import {
  clearLevelFlow,
  createLevelFlow,
  FLOW_LEVELS,
  type LevelFlowState,
  type LevelsOfBook,
  levelFlows,
  takeLevels,
} from './level-flow.ts';
import { firstPrincipalComponent } from './principal-component.ts';

/** Flows of the levels, then the quantity that they hold. */
const WIDTH = FLOW_LEVELS + 1;

/** Plain data. */
export interface IntegratedOrderFlowState {
  readonly levels: LevelFlowState;
  nowMs: number;
  /** Over the last `intervalMs`. */
  readonly recent: TimedSums;
  readonly intervals: TimedIntervals;
  /** Whether the interval that goes on has been seen from its beginning. */
  isWhole: boolean;
  /** Of the interval that goes on. */
  readonly sums: Float64Array;
  changes: number;
  /** Of the last `samples` intervals, used in a circle. */
  readonly imbalances: Float64Array;
  next: number;
  count: number;
  /** Of each level; null: not known. */
  weights: Float64Array | null;
}

/**
 * Integrated order-flow imbalance: the flows of the five best levels over the last `intervalMs`, each as a multiple of
 * the mean quantity at a level, weighted as they move together; positive is buying pressure.
 *
 * wᵀ·ofi / ‖w‖₁, ofi_m = Σ e_m / Q, Q the mean of (q_b,m + q_a,m)/2 over the levels and the changes of the window
 *
 * w is the first principal component of ofi in the last `samples` intervals of `intervalMs` that have ended, counted
 * from the epoch, with Σ w > 0; it is found anew at the end of each. An interval in which nothing changed has a flow of
 * 0.
 *
 * Speaks once those intervals are there, while anything varied in them. A break of the book starts it anew, and so does
 * a book with fewer than five levels on a side.
 * @see Cont, Cucuringu & Zhang (2023), "Cross-impact of order flow imbalance in equity markets", Quantitative Finance
 * 23(10), with ten levels.
 */
export function integratedOrderFlowImbalance(options: {
  readonly intervalMs: number;
  readonly samples: number;
}): FeatureFold<DepthView | BookBreak | Sample, IntegratedOrderFlowState> {
  const { intervalMs, samples } = options;

  function endInterval(state: IntegratedOrderFlowState): void {
    const { sums, imbalances, changes } = state;
    if (state.isWhole) {
      const depth = depthOfLevel(sums, changes);
      for (let level = 0; level < FLOW_LEVELS; level++)
        imbalances[state.next * FLOW_LEVELS + level] = changes === 0 ? 0 : sums[level]! / depth;
      state.next = state.next + 1 === samples ? 0 : state.next + 1;
      if (state.count < samples) state.count++;
    }
    state.isWhole = true;
    sums.fill(0);
    state.changes = 0;
  }

  function passTime(state: IntegratedOrderFlowState, timeMs: number): void {
    state.nowMs = Math.max(state.nowMs, timeMs);
    const before = state.intervals.current;
    passIntervals(state.intervals, state.nowMs, samples, () => endInterval(state));
    if (before < 0 || before === state.intervals.current || state.count < samples) return;
    state.weights = firstPrincipalComponent(state.imbalances, FLOW_LEVELS, state.next) ?? null;
  }

  function takeView(state: IntegratedOrderFlowState, view: DepthView): void {
    if (!takeLevels(state.levels, view)) {
      restart(state);
      return;
    }
    passTime(state, view.transactionTimeMs);
    if (state.levels.known === 1) return;
    const row = levelFlows(state.levels);
    row.push(quantityOf(state.levels.now));
    for (let n = 0; n < WIDTH; n++) state.sums[n]! += row[n]!;
    state.changes++;
    addToTimedSums(state.recent, state.nowMs, row);
  }

  function restart(state: IntegratedOrderFlowState): void {
    clearLevelFlow(state.levels);
    clearTimedSums(state.recent);
    clearTimedIntervals(state.intervals);
    state.isWhole = false;
    state.sums.fill(0);
    state.changes = 0;
    state.next = 0;
    state.count = 0;
    state.weights = null;
  }

  return {
    initialState: () => ({
      levels: createLevelFlow(),
      nowMs: 0,
      recent: createTimedSums(intervalMs, WIDTH),
      intervals: createTimedIntervals(intervalMs),
      isWhole: false,
      sums: new Float64Array(WIDTH),
      changes: 0,
      imbalances: new Float64Array(samples * FLOW_LEVELS),
      next: 0,
      count: 0,
      weights: null,
    }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') restart(state);
      else if (event.type === 'depthView') takeView(state, event);
      else if (state.levels.known > 0) passTime(state, event.timeMs);
      advanceTimedSums(state.recent, state.nowMs);
      return state;
    },
    project: ({ weights, recent: { sums, count } }) => {
      if (weights === null) return undefined;
      if (count === 0) return 0;
      let flow = 0;
      for (let level = 0; level < FLOW_LEVELS; level++) flow += weights[level]! * sums[level]!;
      return flow / depthOfLevel(sums, count);
    },
  };
}

function quantityOf({ bidSteps, askSteps }: LevelsOfBook): number {
  let quantity = 0;
  for (let level = 0; level < FLOW_LEVELS; level++) quantity += bidSteps[level]! + askSteps[level]!;
  return quantity;
}

/** Mean quantity at a level of a side. */
function depthOfLevel(sums: Float64Array, changes: number): number {
  return sums[FLOW_LEVELS]! / (2 * FLOW_LEVELS * changes);
}

export const INTEGRATED_ORDER_FLOW_IMBALANCE = defineFeature({
  name: 'integrated_order_flow_imbalance',
  version: 1,
  title: 'Integrated order-flow imbalance',
  group: 'flow',
  inputs: ['depthView', 'bookBreak', 'sample'],
  parameters: {
    intervalMs: duration({ default: 1_000, says: 'window, and time between two samples of the weights' }),
    samples: wholeNumber('intervals', { default: 300, says: 'of which the weights are found', least: 2, most: 10_000 }),
  },
  outputs: { '': { unit: 'ratio', range: [null, null], says: 'in mean level quantities; positive: buying pressure' } },
  warmUp: ({ intervalMs, samples }) => ({
    count: intervalMs * (samples + 1),
    of: 'ms',
    also: 'a valid book of five levels a side',
  }),
  formula: 'wᵀ·ofi / ‖w‖₁, ofi_m = Σ e_m / mean quantity at a level, w the first principal component of past ofi',
  source: 'Cont, Cucuringu & Zhang (2023), Quantitative Finance 23(10), there of ten levels',
  create: integratedOrderFlowImbalance,
});
