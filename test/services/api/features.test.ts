import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import { CATALOGUE } from '../../../operators/features/catalogue.ts';
import { featureSet } from '../../../operators/features/feature-set.ts';
import { PAIR_SPREAD } from '../../../operators/features/pair-spread.ts';
import { resolveFeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { SMA } from '../../../operators/features/technical/moving-averages.ts';
import { createFeatureInputs } from '../../../pipelines/feature-inputs.ts';
import { AVAILABLE_SETS, FEATURE_SETS } from '../../../pipelines/feature-sets.ts';
import { createPairInputs } from '../../../pipelines/pair-inputs.ts';
import { openDeriver } from '../../../services/deriver/deriver.ts';
import { openRowStore } from '../../../services/deriver/row-store.ts';
import { derivedTables } from '../../../services/features/feature-table.ts';
import { LIVE, statusKey } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { mergeLogs } from '../../pipelines/pair-market.ts';
import { lastingStatus } from '../../support/lasting-status.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { appendEntries, appendEvents } from './append-events.ts';
import { announce } from './derived-stream.ts';
import { startTestApi } from './test-api.ts';

const api = await startTestApi();
const { questdbUrl } = await testServers('questdb');
const instrument = testInstrument();
const ENTRIES = entriesOf(madeMarket({ seed: 71, events: 9_000, hasFaults: false }), [5]);
const LAST_US = ENTRIES.at(-1)!.events.at(-1)!.receiveTimeUs;
const at = (us: number): string => new Date(us / 1_000).toISOString();
const TO = at(LAST_US + 1_000_000);

/** The market in the log, and what the deriver makes of it in the tables. */
async function record(): Promise<void> {
  await announce(api.redis, instrument);
  await appendEntries(api.redis, instrument, ENTRIES);
  const rows = await openRowStore(questdbUrl, derivedTables(FEATURE_SETS));
  const deriver = await openDeriver({ redis: api.redis, rows, instrument, recording: LIVE, isStreamed: false });
  for (const entry of ENTRIES) deriver.push(entry);
  await deriver.checkpoint();
  await rows.close();
  await waitUntilApplied(questdbUrl);
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, never>>;
}

async function get(path: string): Promise<Answer> {
  const answer = await api.get(`/api/v1/${path}`);
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

await record();

test('the catalogue and the sets are listed', async () => {
  const { status, body } = await get('features');
  const { items, sets } = body as unknown as {
    items: { name: string; outputs: unknown[] }[];
    sets: { set: string; hash: string }[];
  };
  assert.is(status, 200);
  assert.equal(
    items.map(({ name }) => name),
    CATALOGUE.map(({ name }) => name),
  );
  assert.equal(
    sets.map(({ set }) => set),
    AVAILABLE_SETS.map(({ id }) => id),
  );
  for (const { hash } of sets) assert.match(hash, /^[0-9a-f]{16}$/);
});

test('each set has its rows', async () => {
  for (const set of FEATURE_SETS) {
    const { body } = await get(`${instrument}/features?set=${set.id}&limit=5`);
    const items = body['items'] as unknown as Record<string, unknown>[];
    assert.ok(items.length > 0, set.id);
    for (const { name } of set.columns) assert.ok(name in items[0]!, name);
  }
  const { status, body } = await get(`${instrument}/features?set=spine`);
  assert.is(status, 400);
  assert.match(String(body['detail']), /set: expected one of spine-v1, default-v1.*found spine/);
});

test('the set of a custom feature is one more', async () => {
  const set = { id: 'custom_bid-v1', hash: 'x', table: 'features_spine_v1', sampling: 'quotes', columns: ['midprice'] };
  const feature = { file: 'bid.ts', state: 'running', reason: null, set, rows: 1 };
  await lastingStatus(api.redis, 'features', { service: 'features', features: [feature] });
  assert.equal((await get('features')).body['custom'], [feature] as never);
  const { body } = await get(`${instrument}/features?set=custom_bid-v1&limit=1`);
  const [row] = body['items'] as unknown as Record<string, unknown>[];
  assert.equal(Object.keys(row!).slice(5), ['midprice', 'update_id', 'mask', 'set_hash']);
  await api.redis.del(statusKey('features'));
});

test('a feature of quotes, computed of the log, is what the set has stored', async () => {
  for (const feature of ['realized_volatility', 'order_flow_imbalance', 'trade_imbalance', 'microprice']) {
    const from = at(LAST_US - 60_000_000);
    const computed = await get(`${instrument}/features/${feature}?from=${from}&to=${TO}`);
    assert.is(computed.status, 200, JSON.stringify(computed.body));
    const found = computed.body['items'] as unknown as [number, number | null][];
    const stored = await get(`${instrument}/features?from=${from}&to=${TO}&limit=10000`);
    const lasts = new Map<number, [number, number | null]>();
    for (const row of stored.body['items'] as unknown as Record<string, number | null>[])
      lasts.set(Math.floor(row['ts']! / 1_000_000), [row['ts']!, row[feature]!]);
    assert.ok(found.length > 30);
    assert.equal(found, [...lasts.values()], feature);
  }
});

test('a feature of bars, computed of the stored ones, is what the log gives', async () => {
  const parameters = { period: 3 };
  const set = resolveFeatureSet({
    name: 'expected',
    version: 1,
    says: '',
    clock: { kind: 'time', intervalMs: 1_000 },
    sampling: 'bars',
    features: [{ feature: SMA, parameters }],
  });
  const { initialState, evolve, project } = featureSet(set);
  let state = initialState();
  const expected: [number, number | null][] = [];
  const inputs = createFeatureInputs((input) => {
    state = evolve(state, input);
    const vector = project(state, input);
    const value = vector?.values[0];
    if (vector !== undefined)
      expected.push([vector.timeMs * 1_000, typeof value === 'number' ? inputs.scale!.price.toNumber(value) : null]);
  });
  for (const { events } of ENTRIES) for (const { channel, payload } of events) inputs.push(channel, payload);
  const from = at(ENTRIES[0]!.events[0]!.receiveTimeUs - 10_000_000);
  const { body } = await get(`${instrument}/features/sma?parameters=period:3&interval=1s&from=${from}&to=${TO}`);
  assert.ok(expected.length > 50);
  assert.equal(body['items'], expected as never);
  assert.equal(body['outputs'], [{ name: 'sma', unit: 'quote asset' }] as never);
});

test('a feature of two instruments, computed of both logs, is what a fold of both gives', async () => {
  const beside = testInstrument();
  await announce(api.redis, beside);
  const otherLog = entriesOf(madeMarket({ seed: 72, events: 9_000, hasFaults: false }), [5]);
  for (const { entryId, events } of otherLog)
    await appendEvents(
      api.redis,
      beside,
      entryId,
      events.map(({ channel, payload }) => [channel, payload.toString()] as const),
    );
  const set = resolveFeatureSet({
    name: 'expected',
    version: 1,
    says: '',
    clock: { kind: 'time', intervalMs: 60_000 },
    sampling: 'quotes',
    features: [{ feature: PAIR_SPREAD, parameters: { samples: 20 } }],
  });
  const { initialState, evolve, project } = featureSet(set);
  let state = initialState();
  const lasts = new Map<number, readonly (number | null)[]>();
  const fromMs = LAST_US / 1_000 - 60_000;
  const inputs = createPairInputs((input) => {
    state = evolve(state, input);
    const vector = project(state, input);
    if (vector !== undefined && vector.timeMs >= fromMs)
      lasts.set(Math.floor(vector.timeMs / 1_000), [vector.timeMs * 1_000, ...vector.values]);
  });
  for (const { log, entry } of mergeLogs([ENTRIES, otherLog]))
    for (const { channel, payload } of entry.events) inputs.push(log, channel, payload);
  const query = `parameters=samples:20&from=${at(fromMs * 1_000)}&to=${TO}`;
  const { body } = await get(`${instrument}/features/pair_spread?${query}&other=${beside}`);
  assert.ok([...lasts.values()].filter(([, value]) => value !== null).length > 10);
  assert.equal(body['items'], [...lasts.values()] as never);
  for (const [path, detail] of [
    [`features/pair_spread?${query}`, /other: expected another instrument, found nothing/],
    [`features/pair_spread?${query}&other=${instrument}`, /other: expected another instrument than .*, found/],
    [`features/rsi?other=${beside}`, /other: expected none: it is of one instrument, found/],
    [`features?set=spine-v1&other=${beside}`, /other: expected none: it is of one instrument, found/],
  ] as const) {
    const refused = await get(`${instrument}/${path}`);
    assert.is(refused.status, 400, path);
    assert.match(String(refused.body['detail']), detail);
  }
  const none = await get(`${instrument}/features?set=pair-v1&other=${beside}`);
  assert.equal([none.status, none.body['items']], [200, [] as never]);
});

test('what cannot be computed is refused by name', async () => {
  for (const [path, status, detail] of [
    ['features/rsy', 404, /feature: expected a name of .* such as rsi, found rsy/],
    [
      'features/rsi?parameters=period:0',
      400,
      /parameters, period: expected a whole number of bars from 1 to .*found 0/,
    ],
    ['features/rsi?parameters=window:5', 400, /window: expected parameters among period, found window/],
    ['features/rsi?parameters=5', 400, /parameters: expected name:number pairs such as .*found 5/],
    ['features/rsi?interval=2m', 400, /interval: expected one of 1s, 1m/],
    [`features/rsi?from=${TO}&to=${TO}`, 400, /from: expected a time before `to`/],
  ] as const) {
    const answer = await get(`${instrument}/${path}`);
    assert.is(answer.status, status, path);
    assert.match(String(answer.body['detail']), detail);
  }
});

test('ends', () => api.end());

test.run();
