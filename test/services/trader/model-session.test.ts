import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Decided, TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { featuresAwaited } from '../../../services/trader/features-awaited.ts';
import { openPaperSession } from '../../../services/trader/paper-session.ts';
import { modelStrategy } from '../../../services/trainer/model/model-strategy.ts';
import { seededRandom } from '../../operators/market-events.ts';
import { smallModel } from '../trainer/model/small-model.ts';
import { madeEntries, madeOpening, madeSettings } from './made-session.ts';

const test = suite('services/trader/model-session');

const ENTRIES = madeEntries(6_000);
const OPENED = madeOpening(ENTRIES, madeSettings('simulated:BTCUSDT', { parameters: {} }));
const strategy = { definition: modelStrategy('small', smallModel()), hash: 'small' };

function run(seed: number): TraderEvent[] {
  const random = seededRandom(seed);
  const paper = openPaperSession(OPENED, strategy);
  const events = [...paper.take()];
  for (let at = 0; at < ENTRIES.length; ) {
    const to = Math.min(at + 1 + Math.floor(random() * 40), ENTRIES.length);
    paper.push(ENTRIES.slice(at, to));
    events.push(...paper.take());
    at = to;
  }
  return events;
}

const decisions = (events: readonly TraderEvent[]): Decided[] =>
  events.filter((event): event is Decided => event.type === 'decided');

test('each decision of a model is told, with what was seen and after which entry, however the log is cut into parts', () => {
  const events = run(1);
  const decided = decisions(events);
  assert.ok(decided.length > 60, `${decided.length} decisions`);
  assert.ok(
    new Set(decided.map(({ targetSteps }) => Math.sign(targetSteps))).size > 1,
    'it wants more than one position',
  );
  const entryIds = new Map(ENTRIES.map(({ entryId, events: logged }) => [entryId, logged]));
  for (const { entryId, timeUs, observation } of decided) {
    const received = entryIds.get(entryId)!.map(({ receiveTimeUs }) => receiveTimeUs);
    assert.ok(received.includes(timeUs), `it decides when that entry comes: ${entryId}`);
    assert.is(observation.length, 8);
  }
  assert.ok(events.filter(({ type }) => type === 'orderIntended').length > 20);
  for (const seed of [2, 3]) assert.equal(run(seed), events);
});

test('what it waits for is said until its features are valid', () => {
  const { definition } = strategy;
  const paper = openPaperSession(OPENED, strategy);
  const { market } = paper.run.simulation;
  const awaited = featuresAwaited(definition, {}, market);
  const seen = new Set([awaited()]);
  for (const entry of ENTRIES.slice(0, ENTRIES.length / 2)) {
    paper.push([entry]);
    seen.add(awaited());
    assert.is(awaited() === null, market.areFeaturesValid);
  }
  const said = (columns: string) => `its features are not valid yet: ${columns}`;
  assert.equal([...seen].slice(0, 3), [said('roc, z'), said('z'), null]);
});

test.run();
