import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createOrderBook, evolveOrderBook, type OrderBook } from '../../../operators/book/order-book.ts';
import { saveLadders } from '../../../operators/book/saved-book.ts';
import { type BookTape, createBookTape } from '../../../pipelines/environment/book-tape.ts';
import { openTapeReader, readTape } from '../../../streams/tape/read-tape.ts';
import { DEPTH_UPDATE, type Tape } from '../../../streams/tape/tape.ts';
import { BTCUSDT, readCapture } from '../../support/captures.ts';
import { says } from '../../support/says.ts';
import { handWritten, tapesOf } from '../simulation/small-tapes.ts';
import { bookTape, madeTapes } from './book-market.ts';

const test = suite('pipelines/environment/book-tape');

/** What of a book must be the same, to the last level. */
const stateOf = (book: OrderBook) => ({
  ...saveLadders(book),
  updateId: book.updateId,
  transactionTimeMs: book.transactionTimeMs,
  invalidity: book.invalidity,
  known: [book.knownBidTick, book.knownAskTick],
});

/** Books after each so many diffs, by their update ids, behind a head. */
function statesOf(head: Tape | undefined, tapes: readonly Tape[], every: number) {
  const states = new Map<number, ReturnType<typeof stateOf>>();
  const book = createOrderBook();
  let diffs = 0;
  if (head !== undefined) readTape(head, (event) => evolveOrderBook(book, event));
  for (const tape of tapes)
    readTape(tape, (event, n) => {
      evolveOrderBook(book, event);
      if (tape.kinds[n] === DEPTH_UPDATE && ++diffs % every === 0) states.set(tape.lastIds[n]!, stateOf(book));
    });
  return states;
}

/** Compares books behind each start, for three parts, with those of the whole tape. @returns how many were */
function compare(tapes: readonly Tape[], { parts, starts }: BookTape, every: number): number {
  const whole = statesOf(undefined, tapes, every);
  let compared = 0;
  for (const { head, part } of starts)
    for (const [id, state] of statesOf(head, parts.slice(part, part + 3), 1)) {
      const expected = whole.get(id);
      if (expected === undefined) continue;
      // To say how thousands of levels differ takes minutes.
      assert.ok(isDeepStrictEqual(state, expected), `update ${id}`);
      compared++;
    }
  return compared;
}

test('from any place where a run may begin, the book goes on as if all before had been heard', () => {
  for (const seed of [1, 2]) {
    const tapes = madeTapes({ seed, events: 3_000 });
    const cut = bookTape(tapes);
    assert.ok(cut.starts.length > 10, `${cut.starts.length} starts`);
    const compared = compare(tapes, cut, 1);
    assert.ok(compared > 1_500, `${compared} compared`);
  }
});

test('of a book of many thousand levels nothing is lost', () => {
  const log = handWritten();
  const bids = Array.from({ length: 900 }, (_, n): [number, number] => [900 - n, 1 + n]);
  const asks = Array.from({ length: 20_000 }, (_, n): [number, number] => [1_100 + n, 1 + n]);
  log
    .depth(1_010, 1_010, bids, asks)
    .depth(1_020, 1_020, [])
    .depth(1_030, 1_030, [[990, 5]]);
  const tapes = tapesOf(log.events);
  const cut = bookTape(tapes, { startEveryMs: 1 });
  assert.ok(cut.starts.at(-1)!.head.rows > 20_000);
  assert.ok(compare(tapes, cut, 1) >= 4);
});

test('the parts are the tape, whatever parts it came in', () => {
  const whole = tapesOfWhole();
  for (const eventsATape of [Number.POSITIVE_INFINITY, 300]) {
    const { parts, starts } = bookTape(madeTapes({ seed: 4, events: 2_000 }, eventsATape));
    assert.ok(parts.length >= starts.length);
    const events = parts.flatMap((part) => {
      const reader = openTapeReader(part);
      return Array.from({ length: part.events }, (_, n) => textOf(reader.at(n), part.receiveTimesUs[n]!));
    });
    assert.equal(events, whole);
  }
});

function tapesOfWhole(): string[] {
  const [tape] = madeTapes({ seed: 4, events: 2_000 }, Number.POSITIVE_INFINITY);
  const texts: string[] = [];
  readTape(tape!, (event, n) => texts.push(textOf(event, tape!.receiveTimesUs[n]!)));
  return texts;
}

/** A depth event's levels are lent, with all others of its tape. */
function textOf(event: object, timeUs: number): string {
  return JSON.stringify([timeUs, event], (key, value) => {
    if (key !== 'bids' && key !== 'asks') return value;
    const { ticks, steps, start, count } = value;
    return [[...ticks.slice(start, start + count)], [...steps.slice(start, start + count)]];
  });
}

test('a stretch ends with the event that breaks it, and the next one begins behind', () => {
  const log = handWritten();
  log
    .depth(1_100, 1_105, [[1_000, 5]])
    .depth(1_200, 1_205, [[1_000, 6]])
    .gap(1_300);
  log.depth(1_400, 1_405, [[1_000, 7]]);
  const { starts, endUs, endCount } = bookTape(tapesOf(log.events), { startEveryMs: 1 });
  assert.equal(
    starts.map(({ timeUs, count }) => [timeUs, count]),
    [
      [1_105_000, 1],
      [1_205_000, 2],
    ],
  );
  assert.is(starts[0]!.stretch, starts[1]!.stretch);
  assert.equal(starts[0]!.stretch, { untilUs: 1_300_000, untilCount: 3, isLast: false });
  assert.equal([endUs, endCount], [1_405_000, 4]);
});

test('a tape on which no book is ever valid is refused', () => {
  const { events } = handWritten();
  assert.throws(() => createBookTape(tapesOf(events.slice(0, 1))), /expected an order book that is valid/);
  assert.throws(() => createBookTape([]), /expected an order book that is valid/);
  assert.throws(
    () => createBookTape([], { startEveryMs: 0 }),
    says('startEveryMs: expected a number above 0, found 0'),
  );
});

test('from the middle of a capture the book goes on as from its beginning', () => {
  const events = readCapture(BTCUSDT);
  if (events === undefined) return;
  const tapes = tapesOf(events.map((event) => ({ ...event, payload: event.payload.toString() })));
  const cut = createBookTape(tapes);
  assert.ok(cut.starts.length >= 6, `${cut.starts.length} starts`);
  assert.ok(compare(tapes, cut, 500) > 30);
});

test.run();
