import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createOrderBook, evolveOrderBook } from '../../../operators/book/order-book.ts';
import { type TopOfBook, topOfBook } from '../../../operators/book/top-of-book.ts';
import type { BookTicker } from '../../../streams/events/book-ticker.ts';
import { createDecoder } from '../../../streams/events/decoder.ts';
import { BTCUSDT, BTCUSDT_2023, type Capture, ETHUSDT, readCapture, SPOT_BTCUSDT } from '../../support/captures.ts';

const test = suite('operators/book/captures');

/** How many diffs behind the snapshot have a bookTicker of the same update id. */
const MATCHES: readonly (readonly [Capture, number])[] = [
  [BTCUSDT, 629],
  [ETHUSDT, 551],
  [BTCUSDT_2023, 310],
  [SPOT_BTCUSDT, 564],
];

const best = ({ bidTicks, bidSteps, askTicks, askSteps }: TopOfBook | BookTicker): number[] => [
  bidTicks,
  bidSteps,
  askTicks,
  askSteps,
];

for (const [capture, matches] of MATCHES)
  test(`the book of ${capture.file} has the venue's own best prices wherever it tells them`, () => {
    const events = readCapture(capture);
    if (events === undefined) return;
    const decoder = createDecoder();
    const book = createOrderBook();
    const tops = new Map<number, TopOfBook>();
    const tickers = new Map<number, BookTicker>();
    let wasValid = false;
    for (const { channel, payload } of events) {
      const event = decoder.decode(channel, payload);
      evolveOrderBook(book, event);
      if (event.type === 'bookTicker') tickers.set(event.updateId, event);
      if (event.type !== 'depthUpdate') continue;
      // The price may leave what the file's only snapshot told, and come back; no chain of the four breaks.
      if (wasValid)
        assert.ok([null, 'beyond-snapshot'].includes(book.invalidity), `${book.invalidity} at ${book.updateId}`);
      wasValid ||= book.invalidity === null;
      if (book.invalidity === null) tops.set(book.updateId, topOfBook(book)!);
    }
    let compared = 0;
    for (const [updateId, top] of tops) {
      const ticker = tickers.get(updateId);
      if (ticker === undefined) continue;
      compared++;
      assert.equal(best(top), best(ticker), `update id ${updateId}`);
    }
    assert.is(compared, matches);
  });

test.run();
