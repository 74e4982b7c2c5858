import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import { defineFeature, duration, type FeatureFold, wholeNumber } from './definition.ts';
import { factorise, solveFactorised } from './linear-system.ts';
import { midprice } from './midprice.ts';

/** Moves of the midprice up to which it is expected; the paper finds no change after about so many. */
const MOVES = 6;

/** How the book goes from state to state. Plain data. */
export interface StoikovMicropriceState {
  before: TopOfBook | null;
  /**
   * Of the last quotes, used in a circle: state before × states + state after, and by what twice the midprice moved.
   */
  readonly transitions: Int32Array;
  readonly moves: Float64Array;
  next: number;
  count: number;
  /** How often each transition came without and with a move of the midprice, its mirror image counted too. */
  readonly stays: Float64Array;
  readonly jumps: Float64Array;
  /** By what twice the midprice moved from each state, in all. */
  readonly drift: Float64Array;
  /** What each state adds to the midprice, in ticks, as of the last fit. */
  readonly adjustments: Float64Array;
  /** Of the last quote, in multiples of the time between two fits; −1 before the first. */
  fitInterval: number;
  isFitted: boolean;
}

/**
 * Stoikov's micro-price, in ticks: the midprice that is expected after the next six moves, given the imbalance of the
 * best queues and the spread; above the midprice where more is bid.
 *
 * m + G(I, S), G = Σ B^k·G₁ over k = 0…5, G₁ = (1 − Q)⁻¹·R, B = (1 − Q)⁻¹·T
 *
 * The state is one of `buckets` of the imbalance Q_b/(Q_b + Q_a) and of `spreads` of the spread (1, 2, … ticks, the
 * last for all that are wider). Q and T are the probabilities of its transitions from quote to quote without and with a
 * move of the midprice, R the mean move, each estimated from the last `quotes` quotes and, as in the paper, their
 * mirror images. One transition without an end is added to each state, so that one never seen adds 0. Fitted anew with
 * the first quote of each `refreshMs` since the epoch, which does not depend on where the recording began.
 *
 * Speaks from the first fit over `quotes` transitions on; a break of the book starts it anew.
 * @see Stoikov (2018), "The micro-price: a high-frequency estimator of future prices", Quantitative Finance 18(12).
 */
export function stoikovMicroprice(options: {
  readonly buckets: number;
  readonly spreads: number;
  readonly quotes: number;
  readonly refreshMs: number;
}): FeatureFold<TopOfBook | BookBreak, StoikovMicropriceState> {
  const { buckets, spreads, quotes, refreshMs } = options;
  const states = buckets * spreads;

  function stateOf({ bidTicks, bidSteps, askTicks, askSteps }: TopOfBook): number {
    const bucket = Math.min(Math.floor((buckets * bidSteps) / (bidSteps + askSteps)), buckets - 1);
    return (Math.min(askTicks - bidTicks, spreads) - 1) * buckets + bucket;
  }

  /** The state with bid and ask exchanged. */
  function mirror(state: number): number {
    const bucket = state % buckets;
    return state - bucket + (buckets - 1 - bucket);
  }

  function count(state: StoikovMicropriceState, from: number, to: number, move: number, times: 1 | -1): void {
    const counts = move === 0 ? state.stays : state.jumps;
    const mirrored = mirror(from);
    counts[from * states + to]! += times;
    counts[mirrored * states + mirror(to)]! += times;
    state.drift[from]! += times * move;
    state.drift[mirrored]! -= times * move;
  }

  function addTransition(state: StoikovMicropriceState, before: TopOfBook, now: TopOfBook): void {
    const { transitions, moves, next } = state;
    if (state.count === quotes) {
      const oldest = transitions[next]!;
      count(state, Math.floor(oldest / states), oldest % states, moves[next]!, -1);
    } else state.count++;
    const from = stateOf(before);
    const to = stateOf(now);
    const move = now.bidTicks + now.askTicks - before.bidTicks - before.askTicks;
    transitions[next] = from * states + to;
    moves[next] = move;
    state.next = next + 1 === quotes ? 0 : next + 1;
    count(state, from, to, move, 1);
  }

  function fit({ stays, jumps, drift, adjustments }: StoikovMicropriceState): void {
    const system = new Float64Array(states * states);
    const first = new Float64Array(states);
    const totals = new Float64Array(states);
    for (let from = 0; from < states; from++) {
      let total = 1;
      for (let to = 0; to < states; to++) total += stays[from * states + to]! + jumps[from * states + to]!;
      for (let to = 0; to < states; to++)
        system[from * states + to] = (from === to ? 1 : 0) - stays[from * states + to]! / total;
      totals[from] = total;
      first[from] = drift[from]! / (2 * total);
    }
    factorise(system, states);
    solveFactorised(system, first);
    adjustments.set(first);
    const after = new Float64Array(states);
    for (let move = 1; move < MOVES; move++) {
      for (let from = 0; from < states; from++) {
        let expected = 0;
        for (let to = 0; to < states; to++) expected += jumps[from * states + to]! * adjustments[to]!;
        after[from] = expected / totals[from]!;
      }
      solveFactorised(system, after);
      for (let from = 0; from < states; from++) adjustments[from] = first[from]! + after[from]!;
    }
  }

  function restart(state: StoikovMicropriceState): void {
    state.before = null;
    state.next = 0;
    state.count = 0;
    state.fitInterval = -1;
    state.isFitted = false;
    for (const counts of [state.stays, state.jumps, state.drift]) counts.fill(0);
  }

  return {
    initialState: () => ({
      before: null,
      transitions: new Int32Array(quotes),
      moves: new Float64Array(quotes),
      next: 0,
      count: 0,
      stays: new Float64Array(states * states),
      jumps: new Float64Array(states * states),
      drift: new Float64Array(states),
      adjustments: new Float64Array(states),
      fitInterval: -1,
      isFitted: false,
    }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') {
        restart(state);
        return state;
      }
      if (state.before !== null) addTransition(state, state.before, event);
      state.before = event;
      const interval = Math.floor(event.transactionTimeMs / refreshMs);
      if (interval <= state.fitInterval) return state;
      // The first quote after the start may lie anywhere in its interval.
      if (state.fitInterval >= 0 && state.count === quotes) {
        fit(state);
        state.isFitted = true;
      }
      state.fitInterval = interval;
      return state;
    },
    project: ({ before, isFitted, adjustments }) =>
      before !== null && isFitted ? midprice(before) + adjustments[stateOf(before)]! : undefined,
  };
}

export const STOIKOV_MICROPRICE = defineFeature({
  name: 'stoikov_microprice',
  version: 1,
  title: 'Micro-price of Stoikov',
  group: 'book',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {
    buckets: wholeNumber('buckets', { default: 10, says: 'of the imbalance', least: 2, most: 20 }),
    spreads: wholeNumber('ticks', { default: 3, says: 'spreads told apart, the last for all wider ones', most: 5 }),
    quotes: wholeNumber('quotes', { default: 5_000, says: 'of which it is estimated', most: 1_000_000 }),
    refreshMs: duration({ default: 1_000, says: 'time between two fits' }),
  },
  outputs: {
    '': { unit: 'price', range: [null, null], says: 'above the midprice where the next moves are likely up' },
  },
  warmUp: ({ quotes }) => ({ count: quotes + 1, of: 'quotes', also: 'the next fit' }),
  formula: 'm + G(I, S), G = Σ B^k·G₁ over k = 0…5, G₁ = (1 − Q)⁻¹·R, B = (1 − Q)⁻¹·T, of the last quotes',
  source: 'Stoikov (2018), Quantitative Finance 18(12)',
  create: stoikovMicroprice,
});
