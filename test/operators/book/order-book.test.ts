import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bookLevels } from '../../../operators/book/book-levels.ts';
import { createOrderBook, evolveOrderBook, type OrderBook, orderBook } from '../../../operators/book/order-book.ts';
import { loadOrderBook, saveOrderBook } from '../../../operators/book/saved-book.ts';
import { topOfBook } from '../../../operators/book/top-of-book.ts';
import type { MarketEvent } from '../../../streams/events/decoder.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import { diff, gap, instrument, type Level, levels, snapshot, trade } from '../market-events.ts';

const test = suite('operators/book/order-book');

function bookAfter(...events: MarketEvent[]): OrderBook {
  const book = createOrderBook();
  for (const event of events) evolveOrderBook(book, event);
  return book;
}

/** `invalidity bid×steps ask×steps @updateId` of the best levels. */
function state(book: OrderBook): string {
  const top = topOfBook(book);
  const best = top === undefined ? 'one-sided' : `${top.bidTicks}×${top.bidSteps} ${top.askTicks}×${top.askSteps}`;
  return `${book.invalidity ?? 'valid'} ${best} @${book.updateId}`;
}

const BIDS: Level[] = [
  [100, 5],
  [99, 6],
  [98, 7],
];
const ASKS: Level[] = [
  [102, 5],
  [103, 6],
  [104, 7],
];

const copy = (book: OrderBook): unknown => ({ ...bookLevels(book, 50), invalidity: book.invalidity });

testProjectionContract(test, 'the order book', {
  projection: orderBook,
  events: (): MarketEvent[] => [
    trade(1, 100, 1),
    gap('aggTrade'),
    diff([8, 9], [[97, 1]]),
    diff([9, 11], [[99, 3]], [[101, 2]]),
    snapshot(10, BIDS, ASKS),
    trade(2, 100, 1),
    diff([11, 14], [[101, 1]], [[101, 0]]),
    diff([14, 15], [[101, 0]]),
    gap('depth'),
    diff([20, 22], [[90, 1]]),
    snapshot(30, BIDS, ASKS),
    diff([22, 31], [[96, 4]], [[102, 0]]),
    diff([31, 33], [[70_000, 4]], [[70_001, 1]]),
  ],
  firstOutput: 2,
  copy,
  saveAndLoad: (book) => loadOrderBook(structuredClone(saveOrderBook(book))),
});

test('a snapshot is carried on by the diff whose ids hold it, and by those after it', () => {
  const early = bookAfter(snapshot(10, BIDS, ASKS));
  assert.is(state(early), 'synchronising one-sided @0');
  evolveOrderBook(early, diff([8, 12], [[100, 0]]));
  assert.is(state(early), 'valid 99×6 102×5 @12');
  evolveOrderBook(early, diff([12, 13], [[101, 1]]));
  assert.is(state(early), 'valid 101×1 102×5 @13');
});

test('a snapshot that comes later than its diffs is carried on by those kept', () => {
  const diffs = [diff([5, 8], [[100, 1]]), diff([8, 12], [[99, 0]], [], 1_700), diff([12, 13], [[101, 1]], [], 1_800)];
  const book = bookAfter(...diffs, snapshot(10, BIDS, ASKS));
  assert.is(state(book), 'valid 101×1 102×5 @13');
  assert.equal([...bookLevels(book, 9).bidTicks], [101, 100, 98]);
  assert.is(book.transactionTimeMs, 1_800, 'the time of the last diff that is in it');
});

test('the last diff may end where the snapshot does, or the first begin there', () => {
  assert.is(state(bookAfter(diff([5, 10], [[100, 9]]), snapshot(10, BIDS, ASKS))), 'valid 100×9 102×5 @10');
  assert.is(state(bookAfter(snapshot(10, BIDS, ASKS), diff([10, 14], [[100, 9]]))), 'valid 100×9 102×5 @14');
});

test('a snapshot between two diffs is carried on by the second', () => {
  // On spot U = 13 follows u = 10 where nothing happened in between: ids count what is published elsewhere.
  const book = bookAfter(diff([5, 10], [[100, 9]]), snapshot(10, BIDS, ASKS), diff([10, 14], [[99, 1]]));
  assert.is(state(book), 'valid 100×9 102×5 @14');
});

test('a snapshot that is too old for the diffs is of no use, and the next one is', () => {
  const book = bookAfter(diff([11, 14]), snapshot(10, BIDS, ASKS));
  assert.is(state(book), 'synchronising one-sided @0');
  evolveOrderBook(book, diff([14, 16]));
  assert.is(state(book), 'synchronising one-sided @0');
  evolveOrderBook(book, snapshot(15, BIDS, ASKS));
  assert.is(state(book), 'valid 100×5 102×5 @16');
  const late = bookAfter(snapshot(10, BIDS, ASKS), diff([11, 14]), diff([14, 15]));
  assert.is(state(late), 'synchronising one-sided @0');
});

test('of two snapshots that wait the newer counts', () => {
  const older: Level[] = [[50, 1]];
  assert.is(state(bookAfter(snapshot(10, BIDS, ASKS), snapshot(9, older, []), diff([8, 12]))), 'valid 100×5 102×5 @12');
  assert.is(state(bookAfter(snapshot(9, older, []), snapshot(10, BIDS, ASKS), diff([8, 12]))), 'valid 100×5 102×5 @12');
});

test('a diff with another predecessor makes it invalid until the next snapshot', () => {
  const book = bookAfter(snapshot(10, BIDS, ASKS), diff([10, 12]), diff([13, 14], [[101, 1]]));
  assert.is(book.invalidity, 'gap');
  assert.is(book.updateId, 12, 'what comes after a gap is not applied');
  evolveOrderBook(book, diff([14, 15]));
  assert.is(book.invalidity, 'gap');
  evolveOrderBook(book, snapshot(13, BIDS, ASKS));
  assert.is(state(book), 'valid 101×1 102×5 @15');
});

test('a gap event of depth makes it invalid, one of another channel does not', () => {
  const start = [snapshot(10, BIDS, ASKS), diff([10, 12])];
  assert.is(bookAfter(...start, gap('aggTrade')).invalidity, null);
  const book = bookAfter(...start, gap('depth'));
  assert.is(book.invalidity, 'gap');
  evolveOrderBook(book, diff([12, 13]));
  assert.is(book.invalidity, 'gap', 'also where the ids seem to follow');
  evolveOrderBook(book, snapshot(12, BIDS, ASKS));
  assert.is(book.invalidity, null);
  const second = bookAfter(...start, gap('depth'), snapshot(11, BIDS, ASKS), diff([12, 13]));
  assert.is(second.invalidity, 'gap', 'a snapshot of before the gap');
});

test('a diff that was there before is passed over', () => {
  const start = [snapshot(10, BIDS, ASKS), diff([10, 12], [[100, 4]]), diff([12, 14], [[100, 0]])];
  for (const again of [diff([10, 12], [[100, 4]]), diff([12, 14], [[97, 4]]), diff([3, 5])]) {
    const book = bookAfter(...start, again, diff([14, 15]));
    assert.is(state(book), 'valid 99×6 102×5 @15');
  }
});

test('a crossed book is invalid, and stays so until the next snapshot', () => {
  const start = [snapshot(10, BIDS, ASKS), diff([10, 12])];
  for (const crossing of [diff([12, 13], [[102, 1]]), diff([12, 13], [], [[100, 1]]), diff([12, 13], [[500, 1]])]) {
    const book = bookAfter(...start, crossing);
    assert.is(book.invalidity, 'crossed');
    evolveOrderBook(book, diff([13, 14], [[102, 0]], [[100, 0]]));
    assert.is(book.invalidity, 'crossed');
    evolveOrderBook(book, snapshot(14, BIDS, ASKS));
    assert.is(state(book), 'valid 100×5 102×5 @14');
  }
});

test('a snapshot of a valid book replaces it, once it can be carried on', () => {
  const book = bookAfter(snapshot(10, BIDS, ASKS), diff([10, 12]));
  const other: Level[] = [
    [100, 1],
    [60, 1],
  ];
  evolveOrderBook(book, snapshot(13, other, ASKS));
  assert.is(state(book), 'valid 100×5 102×5 @12', 'it waits, and the book goes on');
  evolveOrderBook(book, diff([12, 14], [[61, 2]]));
  assert.equal([...bookLevels(book, 9).bidTicks], [100, 61, 60]);
});

test('a side without a level is no error, but has no top', () => {
  const book = bookAfter(snapshot(10, BIDS, []), diff([10, 12]));
  assert.is(book.invalidity, null);
  assert.is(topOfBook(book), undefined);
});

const limited = (side: 1 | -1, from: number): Level[] => Array.from({ length: 5 }, (_, n) => [from + side * n, n + 1]);

test('a best price beyond what a cut snapshot told makes it invalid, as long as it lies there', () => {
  // Five levels a side, as many as the limit: bids 96 … 100 are known, further ones are not.
  const start = [snapshot(10, limited(-1, 100), limited(1, 102)), diff([10, 12], [[80, 3]])];
  assert.is(state(bookAfter(...start)), 'valid 100×1 102×1 @12');
  const gone = limited(-1, 100).map(([tick]): Level => [tick, 0]);
  const book = bookAfter(...start, diff([12, 13], gone));
  assert.is(state(book), 'beyond-snapshot 80×3 102×1 @13', 'a bid between 80 and 96 may exist');
  evolveOrderBook(book, diff([13, 14], [[98, 2]]));
  assert.is(state(book), 'valid 98×2 102×1 @14');
  const whole = bookAfter(
    snapshot(10, [...limited(-1, 100), [95, 1]], limited(1, 102)),
    diff([10, 13], gone),
    diff(
      [13, 14],
      [
        [95, 0],
        [80, 3],
      ],
    ),
  );
  assert.is(state(whole), 'valid 80×3 102×1 @14', 'six levels are no limit, so there were no more');
});

test('a price one tick beyond what is known is certain, and so what is known grows', () => {
  const known = [snapshot(10, limited(-1, 100), limited(1, 102)), diff([10, 12])];
  const gone = limited(1, 102).map(([tick]): Level => [tick, 0]);
  assert.is(state(bookAfter(...known, diff([12, 13], [], [...gone, [107, 8]]))), 'valid 100×1 107×8 @13');
  assert.is(bookAfter(...known, diff([12, 13], [], [...gone, [108, 8]])).invalidity, 'beyond-snapshot');
  // No ask lies at or below a bid: bids that rise make the asks below them known.
  const risen = bookAfter(...known, diff([12, 13], [[109, 2]], [...gone, [110, 8]]));
  assert.is(state(risen), 'valid 109×2 110×8 @13');
});

test('another tick or step size makes it invalid until a snapshot on the new grid', () => {
  const start = [instrument('0.10', '0.001'), snapshot(10, BIDS, ASKS), diff([10, 12])];
  assert.is(bookAfter(...start, instrument('0.10', '0.001')).invalidity, null, 'the same again changes nothing');
  for (const changed of [instrument('0.05', '0.001'), instrument('0.10', '0.01')]) {
    const book = bookAfter(...start, changed, diff([12, 13]));
    assert.is(book.invalidity, 'scale-changed');
    evolveOrderBook(book, snapshot(13, BIDS, ASKS));
    assert.is(book.invalidity, null);
  }
  const waiting = bookAfter(...start, snapshot(13, BIDS, ASKS), instrument('0.05', '0.001'), diff([12, 14]));
  assert.is(waiting.invalidity, 'scale-changed', 'a snapshot on the old grid is of no use');
});

test('what is kept for a late snapshot has bounds, beyond which the next snapshot is needed', () => {
  const diffs = Array.from({ length: 600 }, (_, n) => diff([n + 100, n + 101], [[90, n + 1]]));
  // 512 diffs are kept: those from 188 → 189 on.
  assert.is(state(bookAfter(...diffs, snapshot(188, BIDS, ASKS))), 'valid 100×5 102×5 @700');
  assert.is(state(bookAfter(...diffs, snapshot(187, BIDS, ASKS))), 'synchronising one-sided @0');
});

test('a diff larger than all that is kept is applied, and the chain behind it still checked', () => {
  const pairs = Array.from({ length: 20_000 }, (_, n): Level => [50_000 - n, 1]);
  const huge = { ...diff([12, 13]), bids: levels(pairs) };
  const start = [snapshot(10, [[50_000, 5]], [[50_001, 5]]), diff([10, 12]), huge];
  assert.is(state(bookAfter(...start, diff([13, 14]))), 'valid 50000×1 50001×5 @14');
  assert.is(bookAfter(...start, diff([14, 15])).invalidity, 'gap');
});

test('each side is copied best first, as deep as asked', () => {
  const book = bookAfter(snapshot(10, BIDS, ASKS), diff([10, 12], [], [], 1_234));
  const { updateId, transactionTimeMs, bidTicks, bidSteps, askTicks, askSteps } = bookLevels(book, 2);
  assert.equal([updateId, transactionTimeMs], [12, 1_234]);
  assert.equal(
    [[...bidTicks], [...bidSteps]],
    [
      [100, 99],
      [5, 6],
    ],
  );
  assert.equal(
    [[...askTicks], [...askSteps]],
    [
      [102, 103],
      [5, 6],
    ],
  );
  assert.equal([...bookLevels(book, 9).askTicks], [102, 103, 104]);
});

test('speaks of what concerns the book alone', () => {
  const speaks = (event: MarketEvent) => orderBook.project(createOrderBook(), event) !== undefined;
  assert.ok([diff([1, 2]), snapshot(1, [], []), gap('depth'), instrument()].every(speaks));
  assert.not.ok([trade(1, 1, 1), gap('trade')].some(speaks));
});

test.run();
