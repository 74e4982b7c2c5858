import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BOOK_IMBALANCE } from '../../../operators/features/book-imbalance.ts';
import { BOOK_SLOPE } from '../../../operators/features/book-slope.ts';
import type { FeatureDefinition, Parameters } from '../../../operators/features/definition.ts';
import { DEPTH_BPS } from '../../../operators/features/depth-bps.ts';
import { DEPTH_LEVELS } from '../../../operators/features/depth-levels.ts';
import { QUOTED_SPREAD_BPS } from '../../../operators/features/quoted-spread-bps.ts';
import { WEIGHTED_BOOK_IMBALANCE } from '../../../operators/features/weighted-book-imbalance.ts';
import { BOOK_BREAK, type Level, quote } from '../market-events.ts';
import { assertNear, depthView, said, spoken, testFeatureContract } from './feature-runs.ts';
import { sum } from './naive-past.ts';
import { lentViews, type PlainBook, randomBooks } from './random-markets.ts';

const test = suite('operators/features/depth-features');

const BOOK = depthView(
  1,
  [
    [100, 5],
    [99, 3],
    [96, 8],
  ],
  [
    [102, 4],
    [103, 6],
    [110, 9],
  ],
);
const views = () => [
  depthView(1, [[100, 5]], [[101, 6]]),
  depthView(2, [[100, 5]], [[102, 8]]),
  BOOK_BREAK,
  depthView(3, [[99, 2]], [[102, 8]]),
];

const CONTRACTS: readonly (readonly [FeatureDefinition, Parameters])[] = [
  [DEPTH_LEVELS, { levels: 2 }],
  [DEPTH_BPS, { bps: 200 }],
  [BOOK_SLOPE, { levels: 2 }],
  [BOOK_IMBALANCE, { levels: 2 }],
  [WEIGHTED_BOOK_IMBALANCE, { levels: 2 }],
];
for (const [definition, parameters] of CONTRACTS)
  testFeatureContract(test, definition, { parameters, events: views, firstOutput: 0 });
testFeatureContract(test, QUOTED_SPREAD_BPS, {
  parameters: {},
  events: () => [BOOK_BREAK, quote(1, [100, 5], [101, 5]), quote(2, [100, 5], [102, 5])],
  firstOutput: 1,
});

test('the quoted spread is a part of the midprice', () => {
  // 10⁴·(102 − 98) / 100
  assert.equal(said(QUOTED_SPREAD_BPS, {}, [quote(1, [98, 1], [102, 9])]), [400]);
});

test('depth counts the best levels, as many as there are', () => {
  assert.equal(said(DEPTH_LEVELS, { levels: 1 }, [BOOK]), [{ bid: 5, ask: 4 }]);
  assert.equal(said(DEPTH_LEVELS, { levels: 2 }, [BOOK]), [{ bid: 8, ask: 10 }]);
  assert.equal(said(DEPTH_LEVELS, { levels: 9 }, [BOOK]), [{ bid: 16, ask: 19 }]);
});

test('depth within a distance counts the level on the bound', () => {
  // The midprice is 101: 198.02 bps reach to 99.00002 and 102.99998, 198.03 bps to 98.9999 and 103.0001.
  assert.equal(said(DEPTH_BPS, { bps: 198.01 }, [BOOK]), [{ bid: 5, ask: 4 }]);
  assert.equal(said(DEPTH_BPS, { bps: 198.03 }, [BOOK]), [{ bid: 8, ask: 10 }]);
  assert.equal(said(DEPTH_BPS, { bps: 50 }, [BOOK]), [{ bid: 0, ask: 0 }]);
});

test('depth within a distance counts levels that lie outside the ladder’s window', () => {
  const wide = depthView(
    1,
    [
      [400_000, 1],
      [350_000, 2],
    ],
    [
      [400_001, 3],
      [450_000, 4],
    ],
  );
  // 50,000 ticks are 1,250 bps; a window reaches half of 65,536.
  assert.equal(said(DEPTH_BPS, { bps: 1_000 }, [wide]), [{ bid: 1, ask: 3 }]);
  const near = depthView(
    1,
    [
      [400_000, 1],
      [361_000, 2],
    ],
    [
      [400_001, 3],
      [439_000, 4],
    ],
  );
  assert.equal(said(DEPTH_BPS, { bps: 1_000 }, [near]), [{ bid: 3, ask: 7 }]);
});

test('the slope is of a line through the midprice', () => {
  // Distances from 101 and what has accumulated: bids 1:5, 2:8; asks 1:4, 2:10.
  assertNear(said(BOOK_SLOPE, { levels: 2 }, [BOOK]), [{ bid: (5 + 16) / 5, ask: (4 + 20) / 5 }]);
  assertNear(said(BOOK_SLOPE, { levels: 1 }, [BOOK]), [{ bid: 5, ask: 4 }]);
});

test('imbalances are positive where more is bid', () => {
  assertNear(said(BOOK_IMBALANCE, { levels: 2 }, [BOOK]), [(8 - 10) / 18]);
  assertNear(said(BOOK_IMBALANCE, { levels: 1 }, [BOOK]), [1 / 9]);
  const [first, second] = [1, Math.exp(-0.7)];
  const [bid, ask] = [5 * first + 3 * second, 4 * first + 6 * second];
  assertNear(said(WEIGHTED_BOOK_IMBALANCE, { levels: 2, decay: 0.7 }, [BOOK]), [(bid - ask) / (bid + ask)]);
});

test('a broken book says nothing until the next', () => {
  for (const [definition, parameters] of CONTRACTS)
    assert.is(spoken(said(definition, parameters, [BOOK, BOOK_BREAK]).slice(1)), 0, definition.name);
});

test('of random books, lent as they are, each is what its definition says', () => {
  const books = randomBooks(5, 500);
  const check = (
    [definition, parameters]: readonly [FeatureDefinition, Parameters],
    plain: (book: NonNullable<PlainBook>) => unknown,
  ): void =>
    assertNear(
      said(definition, parameters, lentViews(books)),
      books.map((book) => (book === null ? null : plain(book))),
    );
  const total = (side: readonly Level[], weight: (level: number) => number): number =>
    sum(side.map(([, steps], n) => steps * weight(n + 1)));
  const within = (levels: number) => (level: number) => (level <= levels ? 1 : 0);
  const imbalance = ({ bids, asks }: NonNullable<PlainBook>, weight: (level: number) => number): number => {
    const [bid, ask] = [total(bids, weight), total(asks, weight)];
    return (bid - ask) / (bid + ask);
  };
  const midOf = ({ bids, asks }: NonNullable<PlainBook>): number => (bids[0]![0] + asks[0]![0]) / 2;
  const near = (side: readonly Level[], mid: number, bps: number): number =>
    sum(side.map(([ticks, steps]) => (Math.abs(ticks - mid) * 10_000 <= bps * mid ? steps : 0)));
  const slope = (side: readonly Level[], mid: number, levels: number): number => {
    const known = side.slice(0, levels);
    const distances = known.map(([ticks]) => Math.abs(ticks - mid));
    const depths = known.map((_, n) => sum(known.slice(0, n + 1).map(([, steps]) => steps)));
    return sum(distances.map((distance, n) => distance * depths[n]!)) / sum(distances.map((distance) => distance ** 2));
  };
  for (const levels of [1, 4, 20]) {
    check([DEPTH_LEVELS, { levels }], ({ bids, asks }) => ({
      bid: total(bids, within(levels)),
      ask: total(asks, within(levels)),
    }));
    check([BOOK_IMBALANCE, { levels }], (book) => imbalance(book, within(levels)));
    const decayed = (level: number) => within(levels)(level) * Math.exp(-0.4 * (level - 1));
    check([WEIGHTED_BOOK_IMBALANCE, { levels, decay: 0.4 }], (book) => imbalance(book, decayed));
    check([BOOK_SLOPE, { levels }], (book) => ({
      bid: slope(book.bids, midOf(book), levels),
      ask: slope(book.asks, midOf(book), levels),
    }));
  }
  for (const bps of [0.3, 7, 25])
    check([DEPTH_BPS, { bps }], (book) => ({
      bid: near(book.bids, midOf(book), bps),
      ask: near(book.asks, midOf(book), bps),
    }));
});

test.run();
