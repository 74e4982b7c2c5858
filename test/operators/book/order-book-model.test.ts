import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bookLevels } from '../../../operators/book/book-levels.ts';
import { createOrderBook, evolveOrderBook, type OrderBook } from '../../../operators/book/order-book.ts';
import { loadOrderBook, saveOrderBook } from '../../../operators/book/saved-book.ts';
import type { MarketEvent } from '../../../streams/events/decoder.ts';
import { diff, gap, instrument, type Level, snapshot } from '../market-events.ts';
import { createNaiveBook, evolveNaiveBook, type NaiveBook, naiveLevels } from './naive-book.ts';

const test = suite('operators/book/order-book-model');

/** What happens next, told relative to what was before. */
type Step =
  | {
      readonly kind: 'diff';
      readonly lost: number;
      readonly ids: number;
      readonly bids: Level[];
      readonly asks: Level[];
    }
  | { readonly kind: 'snapshot'; readonly ahead: number; readonly bids: Level[]; readonly asks: Level[] }
  | { readonly kind: 'again'; readonly back: number }
  | { readonly kind: 'gap'; readonly channel: string }
  | { readonly kind: 'instrument'; readonly tickSize: string };

const CENTRE = 100_000;
/** Bids below and asks above the centre, with some overlap so that a book may cross, some far off, some beyond the window. */
const distance = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -1, max: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
);
const steps = fc.integer({ min: 1, max: 9 });
const side = (sign: 1 | -1, qty: fc.Arbitrary<number>, options: { maxLength: number }) =>
  fc.array(
    fc.tuple(distance, qty).map(([away, step]): Level => [CENTRE + sign * away, step]),
    options,
  );
/** Best first, each price once, as the venue answers; five are as many as a limit. */
const told = (sign: 1 | -1) =>
  fc
    .oneof(
      side(sign, steps, { maxLength: 8 }),
      fc.constant([0, 1, 2, 3, 4].map((n): Level => [CENTRE + sign * n + sign, 9])),
    )
    .map((levels) =>
      [...new Map(levels)].sort(([one], [other]) => sign * (one - other)).map(([tick, step]): Level => [tick, step]),
    );
/** Takes everything near the centre away, so that the best price lies far off or beyond what is known. */
const wipe = (sign: 1 | -1) =>
  fc.constantFrom<Level[]>(
    [],
    [],
    [],
    Array.from({ length: 12 }, (_, n): Level => [CENTRE + sign * (n - 2), 0]),
  );

const changes = (sign: 1 | -1) =>
  fc.tuple(wipe(sign), side(sign, fc.oneof(fc.constant(0), steps), { maxLength: 6 })).map((parts) => parts.flat());

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('diff' as const),
      lost: fc.oneof({ weight: 15, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 9 })),
      ids: fc.integer({ min: 1, max: 10 }),
      bids: changes(-1),
      asks: changes(1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('snapshot' as const),
      ahead: fc.integer({ min: -30, max: 20 }),
      bids: told(-1),
      asks: told(1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), back: fc.integer({ min: 1, max: 30 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('gap' as const), channel: fc.constantFrom('depth', 'aggTrade') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('instrument' as const),
      tickSize: fc.constantFrom('0.10', '0.10', '0.05'),
    }),
  },
);

function eventsOf(plan: readonly Step[]): MarketEvent[] {
  let last = 100;
  return plan.map((next): MarketEvent => {
    if (next.kind === 'again') return diff([last - next.back - 3, last - next.back], [[CENTRE - 1, 77]], [], 1);
    if (next.kind === 'snapshot') return snapshot(last + next.ahead, next.bids, next.asks);
    if (next.kind === 'gap') return gap(next.channel);
    if (next.kind === 'instrument') return instrument(next.tickSize);
    const pu = last + next.lost;
    last = pu + next.ids;
    return diff([pu, last], next.bids, next.asks, last * 10);
  });
}

function assertSame(book: OrderBook, naive: NaiveBook): void {
  assert.is(book.invalidity, naive.invalidity);
  assert.is(book.updateId, naive.updateId);
  assert.is(book.transactionTimeMs, naive.transactionTimeMs);
  if (naive.invalidity !== null && naive.invalidity !== 'beyond-snapshot') return;
  const { bidTicks, bidSteps, askTicks, askSteps } = bookLevels(book, 200);
  const zipped = (ticks: Float64Array, qtys: Float64Array) => [...ticks].flatMap((tick, n) => [tick, qtys[n]!]);
  assert.equal(zipped(bidTicks, bidSteps), naiveLevels(naive.bids, true));
  assert.equal(zipped(askTicks, askSteps), naiveLevels(naive.asks, false));
}

test('whatever comes, in whatever order, the book is what its rules say', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, minLength: 5 }), (plan) => {
      const book = createOrderBook();
      const naive = createNaiveBook();
      for (const event of eventsOf(plan)) {
        evolveOrderBook(book, event);
        evolveNaiveBook(naive, event);
        assertSame(book, naive);
        seen.set(String(naive.invalidity), (seen.get(String(naive.invalidity)) ?? 0) + 1);
      }
    }),
    { numRuns: 400 },
  );
  const kinds = ['beyond-snapshot', 'crossed', 'gap', 'null', 'scale-changed', 'synchronising'];
  assert.equal([...seen.keys()].sort(), kinds, 'every state of a book was reached');
});

test('a book that was saved and loaded, at any point, goes on as the one that was not', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, minLength: 5 }), fc.nat(40), (plan, at) => {
      let book = createOrderBook();
      const naive = createNaiveBook();
      for (const [index, event] of eventsOf(plan).entries()) {
        if (index === at) book = loadOrderBook(structuredClone(saveOrderBook(book)));
        evolveOrderBook(book, event);
        evolveNaiveBook(naive, event);
        assertSame(book, naive);
      }
    }),
    { numRuns: 200 },
  );
});

test.run();
