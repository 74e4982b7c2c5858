import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bookLevels } from '../../../operators/book/book-levels.ts';
import { createOrderBook, evolveOrderBook } from '../../../operators/book/order-book.ts';
import { inputsOf } from '../../../operators/features/inputs-of.ts';
import { constantLatency } from '../../../operators/matching/latency.ts';
import { RISK_AVERSE } from '../../../operators/matching/queue-model.ts';
import { random } from '../../../operators/random.ts';
import { createSimulation } from '../../../pipelines/simulation/simulation.ts';
import { defineStrategy } from '../../../pipelines/simulation/strategy.ts';
import { readTape } from '../../../streams/tape/read-tape.ts';
import { madeMarket } from '../made-market.ts';
import { tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/delayed-book');

/** What is told of the book, and its ten best levels then. */
type Told = readonly [type: string, invalidity: string | null, bids: number[], asks: number[]];

function heardBy(events: Parameters<typeof tapesOf>[0], eventsATape?: number): Told[] {
  const told: Told[] = [];
  const strategy = defineStrategy({
    name: 'listener',
    title: '',
    says: '',
    parameters: {},
    events: ['topOfBook', 'bookBreak'],
    create: () => ({
      onEvent({ type }, { book }) {
        const { bidTicks, askTicks } = bookLevels(book, book.invalidity === null ? 10 : 0);
        told.push([type, book.invalidity, [...bidTicks], [...askTicks]]);
      },
    }),
  });
  const simulation = createSimulation({
    strategy,
    parameters: {},
    rules: { queue: RISK_AVERSE, fills: 'partial' },
    latency: constantLatency(1, 1),
    random: random(1),
  });
  for (const tape of tapesOf(events, eventsATape)) simulation.push(tape);
  simulation.end();
  return told;
}

/** The same of a book of its own that takes in the log as it was written. */
function heardInLogOrder(events: Parameters<typeof tapesOf>[0]): Told[] {
  const told: Told[] = [];
  const book = createOrderBook();
  for (const tape of tapesOf(events))
    readTape(tape, (event) => {
      evolveOrderBook(book, event);
      for (const { type } of inputsOf(event, book, undefined)) {
        if (type !== 'topOfBook' && type !== 'bookBreak') continue;
        const { bidTicks, askTicks } = bookLevels(book, book.invalidity === null ? 10 : 0);
        told.push([type, book.invalidity, [...bidTicks], [...askTicks]]);
      }
    });
  return told;
}

for (const seed of [1, 2, 3])
  test(`the book that a strategy hears of is the one that the log gives, gaps and snapshots included (${seed})`, () => {
    const market = madeMarket({ seed, events: 4_000, snapshotEvery: 90 });
    const expected = heardInLogOrder(market);
    assert.ok(new Set(expected.map(([, invalidity]) => invalidity)).size > 2, 'it breaks in several ways');
    for (const eventsATape of [undefined, 700, 37]) {
      const found = heardBy(market, eventsATape);
      assert.is(found.length, expected.length);
      for (const [n, row] of expected.entries()) assert.equal(found[n], row, `event ${n}`);
    }
  });

test('a snapshot is carried on with the diffs before it also where the book is valid, which keeps it so', () => {
  const market = madeMarket({ seed: 101, events: 4_000, hasFaults: false, snapshotEvery: 60 });
  const expected = heardInLogOrder(market);
  assert.is(expected.findLastIndex(([type]) => type === 'bookBreak') < 10, true);
  assert.equal(heardBy(market), expected);
});

test.run();
