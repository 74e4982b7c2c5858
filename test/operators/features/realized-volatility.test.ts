import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BookBreak } from '../../../operators/book/book-break.ts';
import type { TopOfBook } from '../../../operators/book/top-of-book.ts';
import { realizedVolatility } from '../../../operators/features/realized-volatility.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import { BOOK_BREAK, quote, randomQuotes } from '../market-events.ts';
import { naiveRealizedVolatility } from './naive-features.ts';

const test = suite('operators/features/realized-volatility');

type Input = TopOfBook | BookBreak;

function values(events: readonly Input[], samples: number): (number | null)[] {
  const { initialState, evolve, project } = realizedVolatility({ intervalMs: 1_000, samples });
  let state = initialState();
  return events.map((event) => {
    state = evolve(state, event);
    return project(state) ?? null;
  });
}

/** A quote with that midprice. */
const mid = (ms: number, price: number): TopOfBook => quote(ms, [price - 1, 5], [price + 1, 5]);

function assertNear(found: readonly (number | null)[], expected: readonly (number | null)[]): void {
  assert.is(found.length, expected.length);
  for (const [n, value] of expected.entries()) {
    const near = value === null ? found[n] === null : found[n] !== null && Math.abs(found[n]! - value) <= 1e-14;
    assert.ok(near, `value ${n}: expected ${value}, found ${found[n]}`);
  }
}

testProjectionContract(test, 'realised volatility', {
  projection: realizedVolatility({ intervalMs: 1_000, samples: 2 }),
  events: (): Input[] => [
    mid(0, 100),
    mid(900, 101),
    mid(1_000, 102),
    mid(2_500, 104),
    mid(3_000, 103),
    BOOK_BREAK,
    mid(4_000, 90),
    mid(9_000, 91),
  ],
  firstOutput: 4,
});

test('is the root of the sum of squared log returns at the ends of the intervals', () => {
  // Ends: 101 (0 s), 102 (1 s), 104 (2 s); at 3 s both returns are there.
  const expected = Math.sqrt(Math.log(102 / 101) ** 2 + Math.log(104 / 102) ** 2);
  const quotes = [mid(0, 100), mid(900, 101), mid(1_000, 102), mid(2_500, 104), mid(3_000, 103), mid(3_900, 99)];
  assertNear(values(quotes, 2), [null, null, null, null, expected, expected]);
});

test('an interval without a quote keeps the midprice before it', () => {
  // Ends: 100, 100, 100, 110; a pause is no missing return but one of zero.
  const quotes = [mid(0, 100), mid(3_000, 110), mid(4_000, 120)];
  assertNear(values(quotes, 3), [null, null, Math.log(110 / 100)]);
  assertNear(values(quotes, 2), [null, 0, Math.log(110 / 100)]);
});

test('behind a pause longer than its window it is zero', () => {
  assertNear(values([mid(0, 100), mid(1_000, 110), mid(500_000, 90)], 60), [null, null, 0]);
});

test('a break of the book starts it anew', () => {
  const quotes = [
    mid(0, 100),
    mid(1_000, 102),
    mid(2_000, 103),
    BOOK_BREAK,
    mid(3_000, 200),
    mid(4_000, 210),
    mid(5_000, 220),
  ];
  assertNear(values(quotes, 1), [null, null, Math.log(102 / 100), null, null, null, Math.log(210 / 200)]);
});

test('of random quotes, with pauses, breaks and some out of order, it is what the plain sum is', () => {
  for (const samples of [1, 5, 12]) {
    const quotes: Input[] = randomQuotes(21, 900);
    quotes.splice(500, 0, BOOK_BREAK);
    const plain = quotes.map((event, n) =>
      event.type === 'bookBreak' ? null : naiveRealizedVolatility(quotes.slice(0, n + 1), 1_000, samples),
    );
    assertNear(values(quotes, samples), plain);
    assert.ok(plain.filter((value) => value !== null).length > 300);
  }
});

test.run();
