import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency, recordedLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import type { BookActions } from '../../../pipelines/environment/book-actions.ts';
import type { BookAgent } from '../../../pipelines/environment/book-agent.ts';
import type { DecisionClock } from '../../../pipelines/environment/decision-clock.ts';
import { noNormalisation } from '../../../pipelines/environment/normalisation.ts';
import type { EventToAppend } from '../../../streams/entry.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { BTCUSDT, BTCUSDT_2023, type Capture, readCapture } from '../../support/captures.ts';
import { madeMarket } from '../made-market.ts';
import { tapesOf } from '../simulation/small-tapes.ts';
import { backtest, COLUMNS, type Compared, compare, episode, FEATURES } from './agent-as-episode.ts';
import { bookTape, madeTapes, SCALE, type SmallOptions } from './book-market.ts';

const test = suite('pipelines/environment/book-agent');

const CLOCKS: readonly DecisionClock[] = [{ everyMs: 100 }, { everyEvents: 7 }];
const QUOTES: BookActions = { type: 'quotes', maxOffsetTicks: 2, maxPosition: 4 };
const ACTIONS: readonly BookActions[] = [
  QUOTES,
  { type: 'continuous' },
  {
    type: 'quote-grid',
    offsets: [
      [0, 0],
      [1, null],
      [null, 1],
    ],
    maxPosition: 4,
  },
];

test('a backtest of an agent is its episode, to the last bit, over holes and invalid books too', () => {
  const all: Compared = { decisions: 0, sent: 0, fills: 0, invalid: 0 };
  for (let seed = 1; seed <= 12; seed++) {
    const tapes = madeTapes({ seed, events: 2_500, hasFaults: seed % 2 === 0 });
    const found = compare(tapes, bookTape(tapes), {
      clock: CLOCKS[(seed >> 1) % 2]!,
      actions: ACTIONS[seed % 3]!,
      features: seed % 4 < 2 ? FEATURES : [],
      latency: seed % 3 === 0 ? recordedLatency(4, 3) : constantLatency(5, 5),
      queue: QUEUE_MODELS[seed % 5 === 0 ? 'probability-log' : 'risk-averse']!,
      scale: SCALE,
      leverage: 50,
    });
    for (const field of Object.keys(all) as (keyof Compared)[]) all[field] += found[field];
  }
  assert.ok(all.decisions > 2_000 && all.sent > 500 && all.fills > 200 && all.invalid > 50, JSON.stringify(all));
});

/** Trades are told one by one at first, then together as well; what the book did not match is among them. */
function toldTwice(log: readonly EventToAppend[]): EventToAppend[] {
  let trades = 0;
  return log.flatMap((event) => {
    if (event.channel !== 'aggTrade') return [event];
    const { a: t, ...trade } = JSON.parse(event.payload as string) as { readonly a: number };
    const single = (X: string) => ({
      ...event,
      channel: 'trade',
      payload: JSON.stringify({ ...trade, e: 'trade', t, X }),
    });
    trades++;
    const beside = trades % 10 === 0 ? [single('INSURANCE_FUND')] : [];
    return [single('MARKET'), ...beside, ...(trades > 300 ? [event] : [])];
  });
}

test('each trade counts once, and only what the book matched', () => {
  for (const clock of CLOCKS) {
    const log = toldTwice(madeMarket({ seed: 5, events: 3_000, hasFaults: false, snapshotEvery: 400 }));
    const tapes = tapesOf(log, 700);
    const found = compare(tapes, bookTape(tapes), { clock, actions: QUOTES });
    assert.ok(found.decisions > 200 && found.fills > 20, JSON.stringify(found));
  }
});

function onCapture(capture: Capture, options: SmallOptions): Compared | undefined {
  const events = readCapture(capture);
  if (events === undefined) return undefined;
  const tapes = tapesOf(
    events.map((event) => ({ ...event, payload: event.payload.toString() })),
    20_000,
  );
  const scale = createScale(capture.tickSize, capture.stepSize);
  const tape = bookTape(tapes, { startEveryMs: 30_000 });
  return compare(tapes, tape, { scale, size: { qty: 0.05 }, levels: 10, ...options });
}

for (const clock of CLOCKS)
  for (const actions of ACTIONS.slice(0, 2)) {
    const name = `${actions.type}, ${'everyMs' in clock ? 'each 100 ms' : 'each 50 events'}`;
    test(`of a capture a backtest is its episode, too: ${name}`, () => {
      const every = 'everyMs' in clock ? clock : { everyEvents: 50 };
      const found = onCapture(BTCUSDT, { clock: every, actions, features: FEATURES });
      if (found === undefined) return;
      const { decisions, sent, fills } = found;
      assert.ok(decisions > 500 && sent > 100 && fills > 50, JSON.stringify(found));
    });
  }

test('so it is where mark prices are recorded', () => {
  const found = onCapture(BTCUSDT_2023, { actions: QUOTES, distance: 'bps' });
  assert.ok(found === undefined || found.fills > 20, JSON.stringify(found));
});

test('it is silent until the book and its features are valid, and withdraws its quotes where they are not', () => {
  const tapes = madeTapes({ seed: 6, events: 3_000, hasFaults: true });
  const tape = bookTape(tapes);
  const { given, space } = episode(tape, { actions: QUOTES });
  const quoting = () => Float32Array.of(0, 0, 1, 1);
  const agent: BookAgent = {
    name: 'agent',
    title: '',
    says: '',
    clock: { everyMs: 100 },
    features: FEATURES,
    normalisation: noNormalisation({ columns: COLUMNS }),
    actions: QUOTES,
    size: { qty: 0.5 },
    levels: 5,
    distance: 'ticks',
    createPolicy: () => quoting,
  };
  assert.is(space.type, 'box');
  const { sent, decisions } = backtest(tapes, given, agent, 0);
  const firstUs = tape.starts[0]!.timeUs;
  // The longest window of a feature is of two seconds.
  assert.ok(decisions[0]!.timeUs >= firstUs + 1_900_000 && decisions.length > 100, `${decisions.length} decisions`);
  assert.ok(decisions[0]!.observation.slice(3, 6).every((mask) => mask === 1));
  const isInvalid = new Set(
    decisions.filter(({ observation }) => observation.slice(3, 6).includes(0)).map(({ timeUs }) => timeUs),
  );
  const within = sent.filter(([timeUs]) => isInvalid.has(timeUs));
  assert.ok(isInvalid.size > 20, `${isInvalid.size} decisions on what is not valid`);
  assert.ok(within.length > 0 && within.every(([, method]) => method === 'cancel'), `${within.length} cancels`);
});

test.run();
