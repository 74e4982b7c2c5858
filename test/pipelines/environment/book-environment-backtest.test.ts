import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency, logNormalLatency, recordedLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { random } from '../../../operators/random.ts';
import type { BookActions } from '../../../pipelines/environment/book-actions.ts';
import type { BookInfo } from '../../../pipelines/environment/book-environment-options.ts';
import type { BookTape } from '../../../pipelines/environment/book-tape.ts';
import { defineStrategy, type Market } from '../../../pipelines/simulation/strategy.ts';
import { createMarketRun, type MarketRunOptions } from '../../../services/backtest/market-run.ts';
import { createScale } from '../../../streams/events/scale.ts';
import type { Tape } from '../../../streams/tape/tape.ts';
import { BTCUSDT, readCapture } from '../../support/captures.ts';
import { madeMarket } from '../made-market.ts';
import { handWritten, tapesOf } from '../simulation/small-tapes.ts';
import { bookOptions, bookTape, madeTapes, type SmallOptions } from './book-market.ts';
import { actionOf } from './environment-contract.ts';
import { noteOrders } from './note-orders.ts';
import { watchedEnvironment } from './watched-environment.ts';

const test = suite('pipelines/environment/book-environment, as a backtest');

interface Sent {
  readonly timeUs: number;
  readonly send: (market: Market) => unknown;
}

function note(market: Market, sent: Sent[]): void {
  noteOrders(market, (method, values) => {
    const send = (other: Market): unknown => (other[method] as (...values: unknown[]) => unknown)(...values);
    sent.push({ timeUs: market.timeUs, send });
  });
}

/** An episode of chance, what it sent, and the run that it was in. */
function episode(tape: BookTape, options: SmallOptions, seed: number) {
  const sent: Sent[] = [];
  const { environment, its } = watchedEnvironment(tape, options, (market) => note(market, sent));
  const seen = [{ ...(environment.reset({ seed }).info as BookInfo) }];
  const chance = random(seed);
  for (;;) {
    const { info, terminated, truncated } = environment.step(actionOf(environment.actionSpace, chance));
    seen.push({ ...(info as BookInfo) });
    if (terminated || truncated) return { seen, sent, ...its() };
  }
}

/** A backtest of the whole recording in which a strategy sends the same from its timer, as the account was at each of these. */
function replayed(
  { isPaused: _, quiet: __, listener: ___, ...given }: MarketRunOptions,
  tapes: readonly Tape[],
  sent: readonly Sent[],
) {
  const equityAt = new Map<number, number>();
  let next = 0;
  const strategy = defineStrategy({
    name: 'same-orders',
    title: '',
    says: '',
    parameters: {},
    events: ['timer'],
    everyMs: () => 100,
    create: () => ({
      onEvent(_, market) {
        equityAt.set(market.timeUs / 1_000, market.equity());
        while (sent[next]?.timeUs === market.timeUs) sent[next++]!.send(market);
      },
    }),
  });
  const run = createMarketRun({ ...given, strategy });
  for (const tape of tapes) run.simulation.push(tape);
  run.simulation.end();
  assert.is(next, sent.length, 'all was sent');
  return { run, equityAt };
}

/** @returns fills that were compared, and liquidations */
function compare(tapes: readonly Tape[], tape: BookTape, options: SmallOptions, seed: number) {
  const { seen, sent, run, given } = episode(tape, options, seed);
  const { run: same, equityAt } = replayed(given, tapes, sent);
  const untilMs = seen.at(-1)!.timeMs;
  const fills = run.account.fills.filter(({ timeMs }) => timeMs <= untilMs);
  assert.equal(
    same.account.fills.filter(({ timeMs }) => timeMs <= untilMs),
    fills,
  );
  assert.equal(
    seen.map(({ timeMs }) => equityAt.get(timeMs)),
    seen.map(({ equity }) => equity),
  );
  for (let n = 1; n < seen.length; n++) assert.is(seen[n]!.timeMs - seen[n - 1]!.timeMs, 100);
  return { fills: fills.length, liquidations: seen.at(-1)!.liquidations };
}

const LATENCIES = [constantLatency(5, 5), logNormalLatency(30, 20, 1), recordedLatency(4, 3), constantLatency(150, 80)];
const ACTIONS: readonly BookActions[] = [{ type: 'quotes', maxOffsetTicks: 3, maxPosition: 4 }, { type: 'continuous' }];

test('an episode is the backtest of the whole recording by a strategy that sends the same orders, to the last bit', () => {
  const fills = { makes: 0, takes: 0 };
  for (let seed = 1; seed <= 16; seed++) {
    const tapes = madeTapes({ seed, events: 2_500, hasFaults: seed % 4 === 0 });
    const queue = QUEUE_MODELS[seed % 2 === 0 ? 'probability-log' : 'risk-averse']!;
    const actions = ACTIONS[(seed >> 2) % 2]!;
    const latency = LATENCIES[seed % 4]!;
    const found = compare(tapes, bookTape(tapes), { actions, latency, queue, leverage: 50 }, seed);
    fills[actions.type === 'quotes' ? 'makes' : 'takes'] += found.fills;
  }
  assert.ok(fills.makes > 100 && fills.takes > 500, JSON.stringify(fills));
});

test('so it is where no mark prices are recorded, whatever the position is worth beside the equity', () => {
  let fills = 0;
  for (let seed = 1; seed <= 16; seed++) {
    const log = madeMarket({ seed, events: 2_500, hasFaults: false, snapshotEvery: 400 });
    const tapes = tapesOf(
      log.filter(({ channel }) => channel !== 'markPrice'),
      700,
    );
    const options = { actions: ACTIONS[seed % 2]!, leverage: 100, balance: seed % 4 < 2 ? 250_000 : 4_000 };
    fills += compare(tapes, bookTape(tapes), options, seed).fills;
  }
  assert.ok(fills > 500, `${fills} fills`);
});

test('a trade that liquidates does so though others follow it before the next decision', () => {
  const options: SmallOptions = {
    actions: { type: 'targets', targets: [1] },
    size: { qty: 0.005 },
    episode: { begin: 'first', maxSteps: 2 },
    leverage: 100,
  };
  // Behind the fill, before the next decision, and behind that.
  for (const atMs of [1_150, 1_250])
    for (const [balance, liquidations] of [
      [0.0065, 1],
      [0.05, 0],
      [10, 0],
    ] as const) {
      const log = handWritten().depth(1_050, 1_055, [[1_000, 10]]);
      for (const [n, ticks] of [1_000, 991, 1_000].entries()) log.trade(atMs + n, atMs + n + 5, ticks, 1, true);
      const tapes = tapesOf(log.depth(1_800, 1_805, []).events);
      const found = compare(tapes, bookTape(tapes), { ...options, balance }, 1);
      assert.is(found.liquidations, liquidations, `${balance} at ${atMs}`);
    }
});

test('of a capture an episode is its backtest, too', () => {
  const events = readCapture(BTCUSDT);
  if (events === undefined) return;
  const tapes = tapesOf(events.map((event) => ({ ...event, payload: event.payload.toString() })));
  const scale = createScale(BTCUSDT.tickSize, BTCUSDT.stepSize);
  const tape = bookTape(tapes, { startEveryMs: 30_000 });
  for (const actions of ACTIONS) {
    const options = { ...bookOptions(tape), actions, scale, size: { qty: 0.05 }, levels: 10 };
    const { fills } = compare(tapes, tape, { ...options, episode: { begin: 'random', maxSteps: 600 } }, 5);
    assert.ok(fills > 20, `${fills} fills`);
  }
});

test.run();
