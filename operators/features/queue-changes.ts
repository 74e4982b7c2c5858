import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import {
  addToTimedSums,
  advanceTimedSums,
  clearTimedSums,
  createTimedSums,
  type TimedSums,
} from '../rolling/timed-sums.ts';
import type { FeatureFold } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** What became of one side's best queue between two quotes. */
export interface QueueChange {
  /** Whether the best price is the same, or a better or worse one has taken its place. */
  readonly price: 'same' | 'better' | 'worse';
  /** Quantity at the best price then, and at the best price now, in steps. */
  readonly before: number;
  readonly now: number;
  /** What takers traded at the price that was the best, in between, in steps. */
  readonly traded: number;
}

/** Plain data. */
export interface QueueChangesState {
  before: TopOfBook | null;
  /** Traded at the best prices since that quote. */
  soldAtBid: number;
  boughtAtAsk: number;
  /** When the first quote since the start or the last break came. */
  sinceMs: number;
  nowMs: number;
  /** Of bid and ask. */
  readonly sums: TimedSums;
}

/**
 * A feature of what became of the best queues in the last `windowMs`: of each change a number for each side, and of
 * their sums a value. Speaks from `windowMs` after the first quote on; a break of the book or a gap of the trades
 * starts it anew.
 *
 * Trades and depth come on different connections, so a trade is taken to be between those quotes between which the log
 * has it: one that is late makes a cancellation before it and a replenishment after it.
 */
export function ofQueueChanges<Value extends number | object>(
  windowMs: number,
  of: (change: QueueChange) => number,
  value: (bidSum: number, askSum: number, last: TopOfBook) => Value | undefined,
): FeatureFold<TopOfBook | BookBreak | Trade | Gap | Sample, QueueChangesState, Value> {
  function addChange(state: QueueChangesState, before: TopOfBook, now: TopOfBook): void {
    const bid = of({
      price: priceChange(now.bidTicks - before.bidTicks),
      before: before.bidSteps,
      now: now.bidSteps,
      traded: state.soldAtBid,
    });
    const ask = of({
      price: priceChange(before.askTicks - now.askTicks),
      before: before.askSteps,
      now: now.askSteps,
      traded: state.boughtAtAsk,
    });
    if (bid !== 0 || ask !== 0) addToTimedSums(state.sums, state.nowMs, [bid, ask]);
  }

  function takeQuote(state: QueueChangesState, quote: TopOfBook): void {
    if (state.before === null) state.sinceMs = state.nowMs;
    else addChange(state, state.before, quote);
    state.before = quote;
    state.soldAtBid = 0;
    state.boughtAtAsk = 0;
  }

  function takeTrade(state: QueueChangesState, { priceTicks, qtySteps, aggressorSide }: Trade): void {
    if (state.before === null) return;
    if (aggressorSide === 'sell' && priceTicks === state.before.bidTicks) state.soldAtBid += qtySteps;
    if (aggressorSide === 'buy' && priceTicks === state.before.askTicks) state.boughtAtAsk += qtySteps;
  }

  return {
    initialState: () => ({
      before: null,
      soldAtBid: 0,
      boughtAtAsk: 0,
      sinceMs: 0,
      nowMs: 0,
      sums: createTimedSums(windowMs, 2),
    }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak' || event.type === 'gap') {
        if (event.type === 'gap' && !concernsTrades(event)) return state;
        state.before = null;
        clearTimedSums(state.sums);
        return state;
      }
      state.nowMs = Math.max(state.nowMs, event.type === 'sample' ? event.timeMs : event.transactionTimeMs);
      if (event.type === 'topOfBook') takeQuote(state, event);
      else if (event.type === 'trade') takeTrade(state, event);
      advanceTimedSums(state.sums, state.nowMs);
      return state;
    },
    project: ({ before, nowMs, sinceMs, sums: { sums } }) =>
      before !== null && nowMs - sinceMs >= windowMs ? value(sums[0]!, sums[1]!, before) : undefined,
  };
}

function priceChange(betterBy: number): QueueChange['price'] {
  if (betterBy === 0) return 'same';
  return betterBy > 0 ? 'better' : 'worse';
}
