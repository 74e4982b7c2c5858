import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bestTick, type Ladder } from '../../../operators/book/ladder.ts';
import { createOrderBook, evolveOrderBook, type OrderBook } from '../../../operators/book/order-book.ts';
import { saveLadders } from '../../../operators/book/saved-book.ts';
import { tapesWithinReach } from '../../../pipelines/environment/book-reach.ts';
import { openTapeReader } from '../../../streams/tape/read-tape.ts';
import type { Tape } from '../../../streams/tape/tape.ts';
import { BTCUSDT, readCapture } from '../../support/captures.ts';
import { says } from '../../support/says.ts';
import { tapesOf } from '../simulation/small-tapes.ts';
import { madeTapes } from './book-market.ts';

const test = suite('pipelines/environment/book-reach');

/** Levels up to a distance from the best. */
function near(ladder: Ladder, saved: Float64Array, reachTicks: number): number[] {
  const count = saved.length / 2;
  const best = bestTick(ladder);
  return [...saved.subarray(0, count)].flatMap((tick, n) =>
    Math.abs(tick - best) <= reachTicks ? [tick, saved[count + n]!] : [],
  );
}

function within(book: OrderBook, reachTicks: number) {
  const { bids, asks } = saveLadders(book);
  const { invalidity, updateId, knownBidTick, knownAskTick } = book;
  const levels = [near(book.bids, bids, reachTicks), near(book.asks, asks, reachTicks)];
  return { invalidity, updateId, knownBidTick, knownAskTick, levels };
}

/** Compares books after each so many events. @returns rows that are left, in parts of all */
function compare(tapes: readonly Tape[], reachTicks: number, every = 1): number {
  const short = tapesWithinReach(tapes, reachTicks);
  const [whole, other] = [createOrderBook(), createOrderBook()];
  let [compared, left, rows] = [0, 0, 0];
  for (const [n, tape] of tapes.entries()) {
    const [reader, shortReader] = [openTapeReader(tape), openTapeReader(short[n]!)];
    for (let at = 0; at < tape.events; at++) {
      evolveOrderBook(whole, reader.at(at));
      evolveOrderBook(other, shortReader.at(at));
      if (at % every === 0) assert.equal(within(other, reachTicks), within(whole, reachTicks), `event ${++compared}`);
    }
    rows += tape.rows;
    left += short[n]!.rows;
  }
  return left / rows;
}

test('within reach the book is the same after each event, over holes and snapshots too', () => {
  for (const seed of [1, 2, 3]) {
    const faulty = madeTapes({ seed, events: 1_500 });
    assert.ok(compare(faulty, 6) < 1);
    const left = compare(madeTapes({ seed, events: 1_500, hasFaults: false, snapshotEvery: 2_000 }), 6);
    assert.ok(left < 0.8, `${left} of the rows`);
    compare(faulty, 1_000);
  }
  assert.throws(() => tapesWithinReach([], 0), says('reachTicks: expected a number above 0, found 0'));
});

test('of a capture most rows are out of reach', () => {
  const events = readCapture(BTCUSDT);
  if (events === undefined) return;
  const tapes = tapesOf(events.map((event) => ({ ...event, payload: event.payload.toString() })));
  const left = compare(tapes, 200, 20);
  assert.ok(left < 0.45, `${left} of the rows`);
});

test.run();
