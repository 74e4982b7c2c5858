import { DEPTH_UPDATE, IS_AGGREGATE, IS_MARKET, IS_SELL, type Tape, TRADE } from '../../streams/tape/tape.ts';
import { leave, pass, type QueueAhead } from './book-queue.ts';
import type { BookStart, BookTape } from './book-tape.ts';

/** What trades told since it was last taken. */
export interface TradeFlow {
  buySteps: number;
  sellSteps: number;
  trades: number;
  readonly bid: QueueAhead;
  readonly ask: QueueAhead;
  /** Goes to the beginning of an episode. */
  begin(start: BookStart): void;
  /** Takes in all that was received up to then, µs by the exchange's clock. */
  hearUpTo(timeUs: number): void;
  /** Takes in the next event. @returns whether it is of the book, or a trade */
  hearNext(): boolean;
  /** Nothing was told yet. */
  clear(): void;
}

/**
 * Follows trades in the order in which they are received, straight from the columns of a tape: for a simulation to tell of each
 * of them takes longer than all else that it does.
 */
export function createTradeFlow({ parts, skewUs }: Pick<BookTape, 'parts' | 'skewUs'>): TradeFlow {
  let part = 0;
  let at = 0;
  let tape: Tape = parts[0]!;
  let hasAggTrades = false;

  function hear(): void {
    if (tape.kinds[at] === TRADE) hearTrade();
    at++;
  }

  function hearTrade(): void {
    const flags = tape.flags[at]!;
    if ((flags & IS_AGGREGATE) !== 0) hasAggTrades = true;
    // As `trades` has them: each once, and what the book matched.
    if ((flags & IS_MARKET) === 0 || (hasAggTrades && (flags & IS_AGGREGATE) === 0)) return;
    const row = tape.rowStarts[at]!;
    const ticks = tape.ticks[row]!;
    const steps = tape.steps[row]!;
    flow.trades++;
    if ((flags & IS_SELL) === 0) {
      flow.buySteps += steps;
      if (ticks >= flow.ask.priceTicks) pass(flow.ask, ticks, steps);
    } else {
      flow.sellSteps += steps;
      if (ticks <= flow.bid.priceTicks) pass(flow.bid, ticks, steps);
    }
  }

  /** @returns whether there is a next event */
  function settle(): boolean {
    while (at === tape.events) {
      if (part + 1 >= parts.length) return false;
      tape = parts[++part]!;
      at = 0;
    }
    return true;
  }

  const flow: TradeFlow = {
    buySteps: 0,
    sellSteps: 0,
    trades: 0,
    bid: { orderId: 0, priceTicks: Number.NaN, aheadSteps: 0 },
    ask: { orderId: 0, priceTicks: Number.NaN, aheadSteps: 0 },
    begin(start) {
      part = start.part;
      at = 0;
      tape = parts[part]!;
      hasAggTrades = start.hasAggTrades;
      leave(flow.bid);
      leave(flow.ask);
      flow.clear();
    },
    hearUpTo(timeUs) {
      const lastUs = timeUs - skewUs;
      while (settle()) {
        const { receiveTimesUs, kinds, events } = tape;
        for (; at < events; at++) {
          if (receiveTimesUs[at]! > lastUs) return;
          if (kinds[at] === TRADE) hearTrade();
        }
      }
    },
    hearNext() {
      if (!settle()) return false;
      const kind = tape.kinds[at]!;
      hear();
      return kind === TRADE || kind === DEPTH_UPDATE;
    },
    clear() {
      flow.buySteps = 0;
      flow.sellSteps = 0;
      flow.trades = 0;
    },
  };
  return flow;
}
