import { DEPTH_UPDATE, IS_AGGREGATE, IS_MARKET, IS_SELL, type Tape, TRADE } from '../../streams/tape/tape.ts';
import type { BookStart, BookTape } from './book-tape.ts';
import { createToldTrades, type ToldTrades } from './book-told-trades.ts';

/** What trades told since it was last taken. */
export interface TradeFlow extends ToldTrades {
  /** Goes to the beginning of an episode. */
  begin(start: BookStart): void;
  /** Takes in all that was received up to then, µs by the exchange's clock. */
  hearUpTo(timeUs: number): void;
  /** Takes in the next event. @returns whether it is of the book, or a trade */
  hearNext(): boolean;
}

/**
 * Follows trades in the order in which they are received, straight from the columns of a tape: for a simulation to tell of each
 * of them takes longer than all else that it does.
 */
export function createTradeFlow({ parts, skewUs }: Pick<BookTape, 'parts' | 'skewUs'>): TradeFlow {
  const told = createToldTrades();
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
    told.hear((flags & IS_SELL) !== 0, tape.ticks[row]!, tape.steps[row]!);
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

  return Object.assign(told, {
    begin(start: BookStart): void {
      part = start.part;
      at = 0;
      tape = parts[part]!;
      hasAggTrades = start.hasAggTrades;
      told.reset();
    },
    hearUpTo(timeUs: number): void {
      const lastUs = timeUs - skewUs;
      while (settle()) {
        const { receiveTimesUs, kinds, events } = tape;
        for (; at < events; at++) {
          if (receiveTimesUs[at]! > lastUs) return;
          if (kinds[at] === TRADE) hearTrade();
        }
      }
    },
    hearNext(): boolean {
      if (!settle()) return false;
      const kind = tape.kinds[at]!;
      hear();
      return kind === TRADE || kind === DEPTH_UPDATE;
    },
  });
}
