// time limit: 240 s
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { questdbRows } from '../../../../infra/questdb.ts';
import type { CustomFeatureStatus } from '../../../../services/features/custom/feature-supervisor.ts';
import { statusKey } from '../../../../streams/keys.ts';
import { deriveLog, entriesOf } from '../../../pipelines/derive.ts';
import { madeMarket } from '../../../pipelines/made-market.ts';
import { testInstrument } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { appendEntries } from '../../api/append-events.ts';
import { announce } from '../../api/derived-stream.ts';
import { openSse, type ReceivedEvent } from '../../api/sse-reader.ts';
import { startTestApi } from '../../api/test-api.ts';
import { type ServiceProcess, startService } from '../../service-process.ts';

// Custom features as clients see them: the service in a process of its own, and an API that is never restarted.

const api = await startTestApi();
await api.listen();
const { redisUrl, questdbUrl } = api.urls;
const [instrument, folder] = [testInstrument(), mkdtempSync(join(tmpdir(), 'don-custom-'))];
const bearer = { authorization: `Bearer ${api.key}` };
const ENTRIES = entriesOf(madeMarket({ seed: 45, events: 1_600, hasFaults: false }), [5]);
/** Unlike another test's, whose tables are the same for all. */
const [BID, DEAR] = [`bid_t${process.pid}`, `dear_t${process.pid}`];
const SET = `custom_${BID}-v1`;
const TOPIC = `features:${instrument}:${SET}`;

/** The bid, and which quote it is; `harm` is done at prices that the made markets of the check never have. */
const file = (name: string, harm = ''): string => `import { foldFeature, wholeNumber } from 'don/features';
interface State { '': number; count: number }
export default foldFeature({
  name: '${name}',
  title: 'Best bid',
  parameters: { step: wholeNumber('quotes', { default: 2, says: 'counted by' }) },
  inputs: ['topOfBook', 'bookBreak'],
  outputs: {
    '': { unit: 'price', range: [0, null], says: 'best bid' },
    count: { unit: 'count', range: [0, null], says: 'quotes so far' },
  },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  create: ({ step }) => ({
    initialState: (): State => ({ '': 0, count: 0 }),
    evolve: (state: State, event) => {
      if (event.type === 'bookBreak') return { '': 0, count: state.count };
      state[''] = event.bidTicks;
      state.count += step;
      if (event.bidTicks > 600_000) { ${harm} }
      return state;
    },
    project: (state: State) => (state[''] === 0 ? undefined : state),
  }),
});
`;
const write = (name: string, text: string): void => writeFileSync(join(folder, `${name}.ts`), text);
const services: ServiceProcess[] = [];
async function start(): Promise<ServiceProcess> {
  // What the one before said of itself is gone only after some seconds.
  await api.redis.del(statusKey('features'));
  services.push(startService('features', { redisUrl, questdbUrl }, [instrument], { DON_FEATURE_FOLDER: folder }));
  return services.at(-1)!;
}

async function append(part: typeof ENTRIES): Promise<void> {
  await appendEntries(api.redis, instrument, part);
}

/** Where the events are that the feature is sampled at: one a quote. */
function placesIn(part: typeof ENTRIES): string[] {
  const ids = new Set(part.map(({ entryId }) => entryId));
  return deriveLog(ENTRIES)
    .rows.filter(({ table }) => table === 'features_spine_v1')
    .map(({ columns }) => String(columns['entry_id']))
    .filter((place) => ids.has(place.split(':')[0]!));
}

async function catalogue(name: string): Promise<CustomFeatureStatus | undefined> {
  const { custom } = (await (await api.get('/api/v1/features')).json()) as { custom: CustomFeatureStatus[] };
  return custom.find((feature) => feature.file === `${name}.ts`);
}

async function untilState(name: string, state: string): Promise<void> {
  let found: CustomFeatureStatus | undefined;
  await until(`${name} to be ${state}`, async () => {
    found = await catalogue(name);
    return found?.state === state;
  }).catch((error: Error) => {
    throw new Error(`${error.message}, found ${JSON.stringify([found, services.at(-1)?.output()])}`);
  });
}

async function json(path: string): Promise<Record<string, unknown>> {
  const answer = await api.get(`/api/v1/${path}`);
  const text = await answer.text();
  assert.is(answer.status, 200, text);
  return JSON.parse(text);
}

const stream = (topics: string, id?: string) =>
  openSse(`${api.origin}/api/v1/stream?topics=${topics}`, {
    ...bearer,
    ...(id === undefined ? {} : { 'last-event-id': id }),
  });
const data = ({ data: text }: ReceivedEvent) => JSON.parse(text) as Record<string, unknown>;
const places = (events: readonly ReceivedEvent[]): unknown[] => events.map((event) => data(event)['entry_id']);

const PARTS = [ENTRIES.slice(0, 120), ENTRIES.slice(120, 200), ENTRIES.slice(200, 260), ENTRIES.slice(260)];
const ends = PARTS.map((part) => placesIn(part).at(-1)!);

/** All that one client has got over its connections. */
const received: ReceivedEvent[] = [];

test('one that is hot added is in the catalogue, with what charts need, and on the stream', async () => {
  await announce(api.redis, instrument);
  await append(PARTS[0]!);
  const service = await start();
  await service.ready;
  const refused = await api.get(`/api/v1/stream?topics=${TOPIC}`);
  assert.is(refused.status, 404);
  assert.match(await refused.text(), /no other set is streamed/);

  write(BID, file(BID));
  await untilState(BID, 'running');
  const { feature, set, reason, rows } = (await catalogue(BID))!;
  assert.is(reason, null);
  assert.is(feature?.title, 'Best bid');
  assert.is(feature?.group, 'custom');
  assert.equal(
    feature?.parameters.map(({ name, default: usual }) => [name, usual]),
    [['step', 2]],
  );
  assert.equal(
    feature?.outputs.map(({ name, unit, range, meaning }) => [name, unit, range, meaning]),
    [
      ['', 'quote asset', [0, null], 'best bid'],
      ['count', 'count', [0, null], 'quotes so far'],
    ],
  );
  assert.equal(feature?.warmUp, { count: 1, of: 'quotes' });
  assert.equal([set?.id, set?.sampling, set?.columns], [SET, 'quotes', [BID, `${BID}_count`]]);
  assert.ok(rows >= 0);

  await until('the set has a stream', async () => (await api.get(`/api/v1/stream?topics=${TOPIC}`, {})).status !== 404);
  await until('what was before is stored', async () => (await catalogue(BID))?.rows === placesIn(PARTS[0]!).length);
  const sse = await stream(TOPIC);
  const socket = new WebSocket(`${api.origin.replace('http', 'ws')}/api/v1/ws`, { headers: bearer });
  const messages: { topic?: string; op?: string; data?: { entry_id: string } }[] = [];
  socket.on('message', (text) => messages.push(JSON.parse(String(text))));
  await new Promise((done) => socket.once('open', done));
  // One after another: the second answer comes when the first topic is followed, and with it that of the other client.
  for (const topic of [TOPIC, `features:${instrument}`])
    socket.send(JSON.stringify({ op: 'subscribe', topics: [topic] }));
  await until('both answers', () => messages.filter(({ op }) => op === 'subscribed').length === 2);
  await append(PARTS[1]!);
  await sse.until((event) => data(event)['entry_id'] === ends[1]);
  received.push(...sse.events);
  sse.cut();
  assert.equal(places(received), placesIn(PARTS[1]!), 'what comes, and nothing of before');
  const [first] = received;
  assert.is(first?.event, TOPIC);
  assert.is(first?.id, placesIn(PARTS[1]!)[0]);
  const { i, ts, set: id, set_hash, valid, mask, [BID]: bid } = data(first!);
  assert.equal([id, set_hash, valid, mask], [SET, set?.hash, true, 3]);
  assert.ok(typeof i === 'number' && typeof ts === 'number' && typeof bid === 'number');
  await until('the socket has them too', () => messages.some((message) => message.data?.entry_id === ends[1]));
  assert.equal(
    messages.filter(({ topic }) => topic === TOPIC).map((message) => message.data?.entry_id),
    placesIn(PARTS[1]!),
  );
  socket.close();
  await service.end('SIGKILL');
});

test('a client resumes behind the last event that it had, and gets none twice, though the thread began anew meanwhile', async () => {
  const cutAt = received.length - 7;
  received.length = cutAt;
  // While nothing runs.
  await append(PARTS[2]!);
  const service = await start();
  const sse = await stream(TOPIC, received.at(-1)!.id);
  await sse.until((event) => data(event)['entry_id'] === ends[2]);
  // With another stream an id says of both how far the client is.
  const both = await stream(
    `${TOPIC},features:${instrument}`,
    `${instrument}:${SET}@${received.at(-1)!.id},${instrument}@0-0`,
  );
  await append(PARTS[3]!);
  await sse.until((event) => data(event)['entry_id'] === ends[3]);
  received.push(...sse.events);
  sse.cut();
  const expected = [PARTS[1]!, PARTS[2]!, PARTS[3]!].flatMap(placesIn);
  assert.equal(places(received), expected);
  const last = await both.until((event) => data(event)['entry_id'] === ends[3]);
  assert.equal(places(both.events), expected.slice(cutAt));
  assert.is(last.id, `${instrument}:${SET}@${ends[3]},${instrument}@0-0`);
  both.cut();
  await until('all is stored', async () => {
    const { items } = await json(`${instrument}/features?set=${SET}&limit=1`);
    return (items as { entry_id: string }[])[0]?.entry_id === ends[3];
  });
  await service.end('SIGTERM');
});

test('its rows are read like those of any set: in pages, as CSV, and over a span for a chart', async () => {
  const service = await start();
  await untilState(BID, 'running');
  const all = placesIn(ENTRIES);
  const rows: Record<string, unknown>[] = [];
  let cursor = '';
  do {
    const page = await json(`${instrument}/features?set=${SET}&order=asc&limit=101${cursor}`);
    rows.push(...(page['items'] as typeof rows));
    cursor = page['nextCursor'] === null ? '' : `&cursor=${page['nextCursor']}`;
  } while (cursor !== '');
  assert.equal(
    rows.map(({ entry_id }) => entry_id),
    all,
  );
  assert.equal(
    received.map((event) => data(event)[`${BID}_count`]),
    rows.slice(-received.length).map((row) => row[`${BID}_count`]),
    'what was streamed is what is stored',
  );
  const csv = await (
    await api.get(`/api/v1/${instrument}/features?set=${SET}&order=asc&limit=2`, { accept: 'text/csv' })
  ).text();
  assert.match(csv.split('\r\n')[0]!, `entry_id,${BID},${BID}_count,update_id,mask,set_hash`);
  assert.is(csv.trim().split('\r\n').length, 3);

  const span = 'from=2024-08-08T00:00:00Z&to=2024-08-09T23:00:00Z';
  const answer = await json(`${instrument}/features/${BID}?${span}&every=1s&parameters=step:2`);
  assert.equal(answer['parameters'], { step: 2 });
  assert.equal(answer['outputs'], [
    { name: BID, unit: 'quote asset' },
    { name: 'count', unit: 'count' },
  ]);
  const lasts = new Map(
    rows.map((row) => [Math.floor(Number(row['ts']) / 1e6), [row['ts'], row[BID], row[`${BID}_count`]]]),
  );
  assert.ok(lasts.size > 20);
  assert.equal(answer['items'], [...lasts.values()]);
  for (const [query, status, detail] of [
    ['parameters=step:3', 400, /parameters: expected step:2, as its file sets them, found step:3/],
    ['parameters=other:3', 400, /parameters: expected step:2.*found other:3/],
  ] as const) {
    const refused = await api.get(`/api/v1/${instrument}/features/${BID}?${query}`);
    assert.is(refused.status, status);
    assert.match(await refused.text(), detail);
  }
  const near = await api.get(`/api/v1/stream?topics=features:${instrument}:custom_bit_t${process.pid}-v1`);
  assert.is(near.status, 404);
  assert.match(await near.text(), `did you mean ${SET}?`);
  const derived = await api.get(`/api/v1/stream?topics=features:${instrument}:spine-v1`);
  assert.match(await derived.text(), `expected features:${instrument}, where the rows of spine-v1 are`);
  await service.end('SIGTERM');
});

test('one that is off is in the catalogue with the reason, its rows still there; one that is gone has no stream', async () => {
  write(DEAR, file(DEAR, "throw new RangeError('too dear');"));
  write('leaks', "export default 'nothing';");
  const service = await start();
  await untilState(DEAR, 'off');
  assert.match(String((await catalogue(DEAR))?.reason), /RangeError: too dear/);
  assert.is((await catalogue(DEAR))?.set?.id, `custom_${DEAR}-v1`);
  assert.is((await api.get(`/api/v1/${instrument}/features/${DEAR}`)).status, 200);
  await untilState('leaks', 'refused');
  const { reason, feature, set } = (await catalogue('leaks'))!;
  assert.match(String(reason), /expected export default foldFeature/);
  assert.equal([feature, set], [null, null]);

  rmSync(join(folder, 'leaks.ts'));
  rmSync(join(folder, `${BID}.ts`));
  await until('it is gone', async () => (await api.get(`/api/v1/stream?topics=${TOPIC}`)).status === 404);
  await until('the catalogue says so', async () => (await catalogue(BID)) === undefined);
  assert.is((await api.get(`/api/v1/${instrument}/features/${BID}`)).status, 404);
  await service.end('SIGTERM');
});

test('ends', async () => {
  rmSync(folder, { recursive: true });
  for (const name of [BID, DEAR])
    await questdbRows(questdbUrl, `DROP TABLE IF EXISTS features_custom_${name}_v1`).catch(() => {});
  await api.end();
});

test.run();
