import { createOrderBook, evolveOrderBook } from '../../operators/book/order-book.ts';
import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { InstrumentInfo } from '../../streams/events/instrument-info.ts';
import type { MarkPrice } from '../../streams/events/mark-price.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { openTapeReader } from '../../streams/tape/read-tape.ts';
import { DEPTH_UPDATE, entryIdOn, type Tape, TRADE } from '../../streams/tape/tape.ts';
import { clockSkewUs } from '../simulation/exchange-order.ts';
import { headTape } from './book-head.ts';
import { tapeBetween } from './book-tape-part.ts';

/** A place of a tape at which a run may begin. Times in µs since the epoch, by the exchange's clock. */
export interface BookStart {
  /** After it the market is as it is known there. */
  readonly head: Tape;
  /** The part of the tape that follows. */
  readonly part: number;
  /** When its first event is received. */
  readonly timeUs: number;
  /** Events of the book and trades before it. */
  readonly count: number;
  /** Whether trades are told by `aggTrade`. */
  readonly hasAggTrades: boolean;
  /** The stretch that it is in: when the first event that ends it is received, events before that, and whether data end there. */
  readonly stretch: BookStretch;
}

/** A stretch of a tape without a hole and with a valid book. */
export interface BookStretch {
  untilUs: number;
  untilCount: number;
  isLast: boolean;
}

/** A tape cut at the places where runs may begin. Plain data; it may be shared by environments. */
export interface BookTape {
  readonly parts: readonly Tape[];
  readonly starts: readonly BookStart[];
  /** When its last event of the book is received, and events of the book and trades up to it. */
  readonly endUs: number;
  readonly endCount: number;
  readonly skewUs: number;
}

export interface BookTapeOptions {
  /** Least time between places where runs may begin, ms; a minute where it is not said. Each keeps a book of its own. */
  readonly startEveryMs?: number;
  /** By how much the recorder's clock is behind the exchange's, µs; as the first tape tells where it is not said. */
  readonly skewUs?: number;
}

/**
 * Passes over a tape once, and remembers the market at places from which a run may begin: at the first valid book behind a
 * hole, and at most one each `startEveryMs` from there.
 * @throws RangeError where no book is ever valid
 */
export function createBookTape(tapes: readonly Tape[], options: BookTapeOptions = {}): BookTape {
  const { startEveryMs = 60_000 } = options;
  if (!(startEveryMs > 0)) throw new RangeError(`startEveryMs: expected a number above 0, found ${startEveryMs}`);
  const skewUs = options.skewUs ?? (tapes[0] === undefined ? 0 : clockSkewUs(tapes[0]));
  const book = createOrderBook();
  const parts: Tape[] = [];
  const starts: BookStart[] = [];
  let instrument: InstrumentInfo | undefined;
  let markPrice: MarkPrice | undefined;
  let trade: Trade | undefined;
  let hasAggTrades = false;
  let stretch: BookStretch | undefined;
  let [count, endUs, endCount] = [0, 0, 0];
  let dueUs = Number.NEGATIVE_INFINITY;

  function endStretch(untilUs: number, untilCount: number, isLast: boolean): void {
    if (stretch !== undefined) Object.assign(stretch, { untilUs, untilCount, isLast });
    stretch = undefined;
    dueUs = Number.NEGATIVE_INFINITY;
  }

  function note(event: MarketEvent): void {
    if (event.type === 'instrument') instrument = event;
    else if (event.type === 'markPrice') markPrice = event;
    else if (event.type === 'trade') {
      if (event.channel === 'aggTrade') hasAggTrades = true;
      if (event.isMarket) trade = event;
    }
  }

  function begin(tape: Tape, n: number): void {
    stretch ??= { untilUs: 0, untilCount: 0, isLast: true };
    const receivedUs = tape.receiveTimesUs[n]!;
    const timeUs = receivedUs + skewUs;
    // As early as the book was so: nothing at the exchange is held up by it.
    const headUs = Math.min(receivedUs, book.transactionTimeMs * 1_000 - skewUs);
    const head = headTape({ book, instrument, markPrice, trade }, entryIdOn(tape, n), headUs);
    starts.push({ head, part: parts.length, timeUs, count, hasAggTrades, stretch });
    dueUs = receivedUs + startEveryMs * 1_000;
  }

  for (const tape of tapes) {
    const reader = openTapeReader(tape);
    let from = 0;
    for (let n = 0; n < tape.events; n++) {
      const kind = tape.kinds[n]!;
      const receivedUs = tape.receiveTimesUs[n]!;
      if (kind === DEPTH_UPDATE && book.invalidity === null && receivedUs >= dueUs) {
        if (n > from) parts.push(tapeBetween(tape, from, n));
        from = n;
        begin(tape, n);
      }
      const event = reader.at(n);
      note(event);
      evolveOrderBook(book, event);
      if (book.invalidity !== null || event.type === 'gap') endStretch(receivedUs + skewUs, count, false);
      if (kind === DEPTH_UPDATE || kind === TRADE) count++;
      if (kind === DEPTH_UPDATE) [endUs, endCount] = [receivedUs + skewUs, count];
    }
    if (from < tape.events) parts.push(tapeBetween(tape, from, tape.events));
  }
  endStretch(endUs, endCount, true);
  if (starts.length === 0)
    throw new RangeError('tape: expected an order book that is valid for a time, found none: is there a snapshot?');
  return { parts, starts, endUs, endCount, skewUs };
}
