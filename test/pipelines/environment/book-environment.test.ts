import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency, logNormalLatency } from '../../../operators/matching/latency.ts';
import { random } from '../../../operators/random.ts';
import { createTradeFlow } from '../../../pipelines/environment/book-trade-flow.ts';
import type { Step } from '../../../pipelines/environment/environment.ts';
import { createSimulation } from '../../../pipelines/simulation/simulation.ts';
import { defineStrategy } from '../../../pipelines/simulation/strategy.ts';
import { handWritten, tapesOf } from '../simulation/small-tapes.ts';
import { bookEnvironment, bookOptions, bookTape, madeTapes, type SmallOptions } from './book-market.ts';
import { actionOf } from './environment-contract.ts';

const test = suite('pipelines/environment/book-environment');

/** To a billionth: sums of doubles are rounded. */
const near = (found: unknown, expected: number): void =>
  assert.ok(Math.abs((found as number) - expected) < 1e-9, `expected ${expected}, found ${found}`);

/** Best bid 1000 and ask 1002 with 10 steps each; decisions from 1.1 s on, each 100 ms. */
const LOG = (): ReturnType<typeof handWritten> => handWritten().depth(1_050, 1_055, [[1_000, 10]]);

function handMade(log: ReturnType<typeof handWritten>, options: SmallOptions = {}) {
  const environment = bookEnvironment(bookTape(tapesOf(log.events)), {
    levels: 2,
    actions: { type: 'quotes', maxOffsetTicks: 3, maxPosition: 0.1 },
    size: { qty: 0.005 },
    latency: constantLatency(10, 10),
    balance: 1_000,
    episode: { begin: 'first' },
    ...options,
  });
  const { observationNames } = environment;
  /** A number of the observation by its name. */
  const of = ({ observation }: Pick<Step, 'observation'>, name: string): number =>
    observation[observationNames.indexOf(name)]!;
  return { environment, of };
}

const quotes = (bidOffset: number, askOffset: number, bidSize: number, askSize: number): Float32Array =>
  Float32Array.of(bidOffset, askOffset, bidSize, askSize);

test('what is observed of the book, by hand', () => {
  const log = LOG().depth(1_060, 1_065, [[1_000, 30]], [[1_004, 7]]);
  // It is known at the exchange before the decision, and told behind it.
  log.depth(1_090, 1_120, [[1_000, 99]]).depth(1_300, 1_305, []);
  const { environment, of } = handMade(log);
  const begun = environment.reset();
  const expected: Record<string, number> = {
    book_valid: 1,
    bid_1_distance: 1,
    bid_1_size: Math.log(31),
    bid_2_distance: 2,
    bid_2_size: Math.log(21),
    ask_1_distance: 1,
    ask_1_size: Math.log(11),
    ask_2_distance: 2,
    ask_2_size: Math.log(21),
    spread: 2,
    imbalance: 0.5,
    microprice: 0.5,
    flow: 0,
    trades: 0,
    position: 0,
    unrealised: 0,
    since_trade: 1,
  };
  for (const [name, value] of Object.entries(expected)) assert.is(of(begun, name), Math.fround(value), name);
  assert.is(of(environment.step(quotes(0, 0, 0, 0)), 'bid_1_size'), Math.fround(Math.log(100)));
  const inBps = handMade(log, { distance: 'bps' });
  assert.is(inBps.of(inBps.environment.reset(), 'bid_2_distance'), Math.fround(2 / 0.1001));
});

test('a quote waits in its queue, is filled, is moved and is withdrawn, by hand', () => {
  const log = LOG().trade(1_250, 1_255, 1_000, 4, true).trade(1_350, 1_355, 1_000, 8, true);
  log.depth(1_450, 1_455, [[1_000, 3]]).depth(1_800, 1_805, []);
  const { environment, of } = handMade(log);
  environment.reset();
  const placed = environment.step(quotes(0, 0, 1, 0));
  assert.equal(
    ['own_bid_distance', 'own_bid_size', 'own_bid_queue', 'own_ask_size'].map((name) => of(placed, name)),
    [1, 1, Math.fround(Math.log(11)), 0],
  );
  // 4 of the 10 in front of it are gone.
  const waiting = environment.step(quotes(0, 0, 1, 0));
  assert.is(of(waiting, 'own_bid_queue'), Math.fround(Math.log(7)));
  assert.is(of(waiting, 'flow'), Math.fround(-Math.log(5)));
  assert.is(of(waiting, 'trades'), Math.fround(Math.log(2)));
  assert.is(waiting.info['sent'], 1);
  // 6 more, and 2 steps of it at 100.0: a maker's fee of 0.02 %; the last trade's price is the mark.
  const filled = environment.step(quotes(0, 0, 1, 0));
  near(filled.info['position'], 0.002);
  near(filled.info['fees'], 0.0002 * 0.2);
  near(filled.reward, -0.0002 * 0.2);
  assert.is(of(filled, 'position'), Math.fround(0.4));
  near(of(filled, 'unrealised'), Math.fround(0.0002 / 1_000));
  assert.is(of(filled, 'since_trade'), Math.fround(40 / 60_000));
  assert.is(of(filled, 'own_bid_size'), Math.fround(0.6));
  // A tick lower, and whole again.
  const moved = environment.step(quotes(1, 0, 1, 0));
  assert.equal(
    ['own_bid_distance', 'own_bid_size', 'own_bid_queue'].map((name) => of(moved, name)),
    [2, 1, Math.fround(Math.log(21))],
  );
  assert.is(moved.info['sent'], 1);
  const withdrawn = environment.step(quotes(1, 0, 0, 0));
  assert.equal(
    ['own_bid_distance', 'own_bid_size', 'own_bid_queue'].map((name) => of(withdrawn, name)),
    [0, 0, 0],
  );
});

test('a target is brought about by a market order that pays the spread and a fee, by hand', () => {
  const log = LOG().trade(1_060, 1_065, 1_000, 1, true).depth(1_400, 1_405, []);
  const { environment, of } = handMade(log, { actions: { type: 'flat-long-short' } });
  const begun = environment.reset();
  assert.is(begun.info['price'], 100);
  const bought = environment.step(1);
  near(bought.info['position'], 0.005);
  assert.is(bought.info['target'], 0.005);
  near(bought.info['fees'], 0.0005 * 0.005 * 100.2);
  // The mark is where it was last traded.
  near(bought.reward, -0.0005 * 0.005 * 100.2 - 0.005 * 0.2);
  near(of(bought, 'unrealised'), Math.fround((-0.005 * 0.1) / 1_000));
  const turned = environment.step(2);
  near(turned.info['position'], -0.005);
  assert.equal([turned.info['sent'], turned.info['filled']], [2, 2]);
});

test('own quotes never let the position grow beyond its limit, however late they are', () => {
  let reached = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const environment = bookEnvironment(bookTape(madeTapes({ seed, events: 2_000, hasFaults: seed % 2 === 0 })), {
      actions: { type: 'quotes', maxOffsetTicks: 2, maxPosition: 3 },
      latency: logNormalLatency(120, 90, 1),
      episode: { begin: 'random', maxSteps: 400, mayCrossInvalid: true },
    });
    environment.reset({ seed });
    const chance = random(seed);
    for (;;) {
      const { info, terminated, truncated } = environment.step(actionOf(environment.actionSpace, chance));
      const position = Math.abs(info['position'] as number);
      assert.ok(position <= 3, `${position} at ${info['timeMs']}`);
      if (position === 3) reached++;
      if (terminated || truncated) break;
    }
  }
  assert.ok(reached > 50, `${reached} times at its limit`);
});

test('trades are followed as a strategy is told of them', () => {
  const tapes = madeTapes({ seed: 3, events: 2_000, hasFaults: false });
  const tape = bookTape(tapes);
  const flow = createTradeFlow(tape);
  const [start] = tape.starts;
  flow.begin(start!);
  let [buys, sells, trades, looks] = [0, 0, 0, 0];
  const simulation = createSimulation({
    ...bookOptions(tape),
    parameters: {},
    rules: { queue: bookOptions(tape).queue, fills: 'partial' },
    random: random(1),
    skewUs: tape.skewUs,
    strategy: defineStrategy({
      name: 'listens',
      title: '',
      says: '',
      parameters: {},
      events: ['trade', 'timer'],
      everyMs: () => 100,
      create: () => ({
        onEvent(event, { timeUs }) {
          if (timeUs < start!.timeUs) return;
          if (event.type === 'trade') {
            trades++;
            if (event.aggressorSide === 'buy') buys += event.qtySteps;
            else sells += event.qtySteps;
          } else if (event.type === 'timer') {
            flow.hearUpTo(timeUs);
            assert.equal([flow.buySteps, flow.sellSteps, flow.trades], [buys, sells, trades]);
            looks++;
          }
        },
      }),
    }),
  });
  for (const part of tapes) simulation.push(part);
  simulation.end();
  assert.ok(trades > 300 && looks > 300, `${trades} trades, ${looks} looks`);
});

test.run();
