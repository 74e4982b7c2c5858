import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BookBreak } from '../../../operators/book/book-break.ts';
import type { TopOfBook } from '../../../operators/book/top-of-book.ts';
import { orderFlow, orderFlowImbalance } from '../../../operators/features/order-flow-imbalance.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import { BOOK_BREAK, quote, randomQuotes } from '../market-events.ts';
import { naiveOrderFlowImbalance } from './naive-features.ts';

const test = suite('operators/features/order-flow-imbalance');

type Input = TopOfBook | BookBreak;
const WINDOW_MS = 1_000;

function values(events: readonly Input[], windowMs = WINDOW_MS): (number | null)[] {
  const { initialState, evolve, project } = orderFlowImbalance({ windowMs });
  let state = initialState();
  return events.map((event) => {
    state = evolve(state, event);
    return project(state) ?? null;
  });
}

/** Quotes at 0, 400, … ms whose bid queue is as given. */
const bidQueues = (...queues: number[]): TopOfBook[] =>
  queues.map((steps, n) => quote(10_000 + n * 400, [100, steps], [101, 5]));

testProjectionContract(test, 'order flow imbalance', {
  projection: orderFlowImbalance({ windowMs: WINDOW_MS }),
  events: (): Input[] => [...bidQueues(5, 8, 3, 9, 4), BOOK_BREAK, ...randomQuotes(1, 40)],
  firstOutput: 3,
});

test('the flow of a change is what the paper says, term by term', () => {
  const before = quote(1, [100, 10], [102, 20]);
  // e = q_b·1{P_b ≥ P_b′} − q_b′·1{P_b ≤ P_b′} − q_a·1{P_a ≤ P_a′} + q_a′·1{P_a ≥ P_a′}
  assert.is(orderFlow(before, before), 0, 'nothing changed');
  assert.is(orderFlow(before, quote(2, [100, 13], [102, 20])), 3, 'the bid queue grows by 3');
  assert.is(orderFlow(before, quote(2, [100, 10], [102, 24])), -4, 'the ask queue grows by 4');
  assert.is(orderFlow(before, quote(2, [101, 6], [102, 20])), 6, 'a better bid of 6');
  assert.is(orderFlow(before, quote(2, [99, 30], [102, 20])), -10, 'the bid of 10 is gone');
  assert.is(orderFlow(before, quote(2, [100, 10], [101, 7])), -7, 'a better ask of 7');
  assert.is(orderFlow(before, quote(2, [100, 10], [103, 50])), 20, 'the ask of 20 is gone');
  assert.is(orderFlow(before, quote(2, [101, 6], [103, 50])), 26, 'both: buying pressure');
});

test('sums the flow of the last second, from one second after the first quote on', () => {
  // Flows: –, 3, −5, 6, −5 at 0, 400, 800, 1200, 1600 ms. At 1200 those behind 200 count, at 1600 those behind 600.
  assert.equal(values(bidQueues(5, 8, 3, 9, 4)), [null, null, null, 3 - 5 + 6, -5 + 6 - 5]);
});

test('is zero, not silent, where nothing changes', () => {
  assert.equal(values(bidQueues(5, 5, 5, 5)), [null, null, null, 0]);
});

test('a break of the book starts it anew', () => {
  const [one, two, three, four] = bidQueues(5, 8, 3, 9) as [TopOfBook, TopOfBook, TopOfBook, TopOfBook];
  assert.equal(values([one, two, BOOK_BREAK, three, four]), [null, null, null, null, null]);
  const later = [3_000, 3_999, 4_000].map((ms, n) => quote(ms, [100, 5 + n], [101, 5]));
  assert.equal(values([BOOK_BREAK, ...later]).slice(1), [null, null, 2]);
});

test('of random quotes, with pauses, breaks and some out of order, it is what the plain sum is', () => {
  const quotes: Input[] = randomQuotes(7, 900);
  quotes.splice(300, 0, BOOK_BREAK);
  quotes.splice(600, 0, BOOK_BREAK, BOOK_BREAK);
  const plain = quotes.map((event, n) =>
    event.type === 'bookBreak' ? null : naiveOrderFlowImbalance(quotes.slice(0, n + 1), WINDOW_MS),
  );
  assert.equal(values(quotes), plain);
  assert.ok(plain.filter((value) => value !== null).length > 600);
});

test.run();
