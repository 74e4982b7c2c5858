import { bestLevels } from '../book/ladder.ts';
import type { DepthView } from './feature-input.ts';

/** Levels of each side whose flow is told apart. */
export const FLOW_LEVELS = 5;

/** The best levels of both sides, best first. Plain data. */
export interface LevelsOfBook {
  readonly bidTicks: Float64Array;
  readonly bidSteps: Float64Array;
  readonly askTicks: Float64Array;
  readonly askSteps: Float64Array;
}

/** Two books in turn, so that nothing is made for each event. Plain data. */
export interface LevelFlowState {
  before: LevelsOfBook;
  now: LevelsOfBook;
  /** How many of the two are there: with both, there is a flow. */
  known: number;
}

export function createLevelFlow(): LevelFlowState {
  return { before: createLevels(), now: createLevels(), known: 0 };
}

function createLevels(): LevelsOfBook {
  const [bidTicks, bidSteps] = [new Float64Array(FLOW_LEVELS), new Float64Array(FLOW_LEVELS)];
  return { bidTicks, bidSteps, askTicks: new Float64Array(FLOW_LEVELS), askSteps: new Float64Array(FLOW_LEVELS) };
}

export function clearLevelFlow(state: LevelFlowState): void {
  state.known = 0;
}

/**
 * Takes the next view of the book.
 * @returns false where a side has not as many levels: it is as if the book were broken
 */
export function takeLevels(state: LevelFlowState, { bids, asks }: DepthView): boolean {
  const levels = state.before;
  state.before = state.now;
  state.now = levels;
  const bidCount = bestLevels(bids, FLOW_LEVELS, levels.bidTicks, levels.bidSteps);
  const askCount = bestLevels(asks, FLOW_LEVELS, levels.askTicks, levels.askSteps);
  const isWhole = bidCount === FLOW_LEVELS && askCount === FLOW_LEVELS;
  state.known = isWhole ? Math.min(state.known + 1, 2) : 0;
  return isWhole;
}

/**
 * Order flow at the n-th best level of both sides between two books, in steps; positive is buying pressure. As that of
 * the best quotes (`orderFlow`), of the n-th best prices, whichever they are.
 *
 * @param level from 0, the best
 * @see Xu, Gould & Howison (2018), "Multi-Level Order-Flow Imbalance in a Limit Order Book", Market Microstructure and
 * Liquidity 4(3–4).
 */
export function levelFlow({ before, now }: LevelFlowState, level: number): number {
  const bidMove = now.bidTicks[level]! - before.bidTicks[level]!;
  const askMove = now.askTicks[level]! - before.askTicks[level]!;
  let flow = 0;
  if (bidMove >= 0) flow += now.bidSteps[level]!;
  if (bidMove <= 0) flow -= before.bidSteps[level]!;
  if (askMove <= 0) flow -= now.askSteps[level]!;
  if (askMove >= 0) flow += before.askSteps[level]!;
  return flow;
}

/** The flow of each level, best first. */
export function levelFlows(state: LevelFlowState): number[] {
  const flows: number[] = [];
  for (let level = 0; level < FLOW_LEVELS; level++) flows.push(levelFlow(state, level));
  return flows;
}
