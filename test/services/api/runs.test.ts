import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import type { JobRecord } from '../../../services/jobs/job-record.ts';
import type { Episode } from '../../../services/trainer/algorithms/episode-follower.ts';
import { type Run, runOf } from '../../../services/trainer/run/run-identity.ts';
import type { ListedRun, RunMetrics, RunRecord } from '../../../services/trainer/store/run-record.ts';
import { createRunRecorder } from '../../../services/trainer/store/run-recorder.ts';
import { listRuns, type Queries } from '../../../services/trainer/store/run-rows.ts';
import { LIVE } from '../../../streams/keys.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { testInstrument } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { madeRun } from '../trainer/run/made-run.ts';
import { openSse } from './sse-reader.ts';
import { startTestApi } from './test-api.ts';

const test = suite('services/api/runs');
const api = await startTestApi();
const instrument = testInstrument();
await registerRecording(api.redis, instrument, { recording: LIVE, kind: 'live' });

const newRun = (seeds: number[]): Run => runOf(madeRun({ seeds }), 'wasm', 'test');
const [first, second, third] = [newRun([1, 2]), newRun([3]), newRun([4])];
const update = (globalStep: number) => ({ globalStep, episodeReturnMean: globalStep / 3, entropy: null });
const recorder = createRunRecorder({ sql: api.postgres, redis: api.redis });
for (const run of [first, second, third]) {
  await recorder.begin(run, true);
  for (const seed of run.identity.config.seeds) recorder.metrics(seed, [64, 128, 192].map(update), true);
  await recorder.end('done');
}

interface Answer {
  readonly status: number;
  readonly body: RunRecord &
    JobRecord & {
      readonly items: (ListedRun & RunMetrics)[];
      readonly nextCursor: string | null;
      readonly progress: unknown;
      readonly detail: string;
      readonly errors: { readonly field: string; readonly expected: string; readonly found: string | null }[];
    };
}

async function ask(method: string, path: string, body?: unknown, key = api.key): Promise<Answer> {
  const answer = await api.app.request(`${api.origin}/api/v1/runs${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

async function pages(path: string): Promise<Answer['body']['items']> {
  const found: Answer['body']['items'] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: Answer = await ask('GET', `${path}${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items);
    cursor = body.nextCursor;
  }
  return found;
}

test('runs are listed, the newest first, page by page, and shown one by one', async () => {
  const ids = [third, second, first].map(({ id }) => id);
  assert.equal(
    (await pages('?limit=2')).map(({ id }) => id),
    ids,
  );
  assert.equal(
    (await pages('?limit=1&status=done&instrument=simulated:TEST')).map(({ id }) => id),
    ids,
  );
  assert.equal(await pages('?status=failed'), []);
  const { body } = await ask('GET', `/${first.id}`);
  const { train, config } = first.identity;
  assert.equal([body.status, body.seeds, body.config], ['done', [1, 2], JSON.parse(JSON.stringify(config))]);
  assert.equal(body.train, { from: train.fromMs * 1_000, to: train.toMs * 1_000 });
  assert.equal(body.progress, [
    { seed: 1, step: 192 },
    { seed: 2, step: 192 },
  ]);
  assert.ok(body.createdTime > 1.7e15 && body.endedTime! >= body.startedTime);
  const unknown = await ask('GET', '/0123456789abcdef');
  assert.equal([unknown.status, unknown.body.errors[0]!.field], [404, 'id']);
  assert.is((await ask('GET', '?cursor=bm9uZQ')).status, 400);
});

test('a list tells how far those are that run, in one query, as the run itself tells it', async () => {
  const running = newRun([8, 9, 10]);
  await recorder.begin(running, true);
  const { seeds } = running.identity.config;
  try {
    recorder.metrics(8, [64, 128].map(update), true);
    recorder.metrics(10, [64].map(update), true);
    const expected = [
      { seed: 8, step: 128 },
      { seed: 10, step: 64 },
    ];
    const shown = await until('what was told is written', async () => {
      const { body } = await ask('GET', `/${running.id}`);
      return (body.progress as unknown as unknown[]).length === 2 && body;
    });
    assert.equal([shown.seeds, shown.progress], [seeds, expected], 'a seed that has not begun is not there');
    const queries: string[] = [];
    const counting = {
      query(text: string, values?: unknown[]) {
        queries.push(text);
        return api.postgres.query(text, values);
      },
    };
    const listed = await listRuns(counting as unknown as Queries, { limit: 10 });
    assert.is(queries.length, 1);
    assert.equal(listed[0]!.progress, expected);
    const { items } = (await ask('GET', '?limit=10')).body;
    assert.equal(
      items.map(({ id, progress }) => [id, progress]),
      [[running.id, expected], ...[third, second, first].map(({ id }) => [id, null])],
    );
    assert.is((await ask('GET', '?status=running')).body.items.length, 1);
  } finally {
    await recorder.end('stopped');
  }
  assert.is((await ask('GET', '?limit=1')).body.items[0]!.progress, null);
  await api.postgres.query('DELETE FROM runs WHERE id = $1', [running.id]);
});

test('metrics come in the order of steps, each once, however often they were written', async () => {
  await recorder.begin(first, false);
  recorder.metrics(1, [64, 128].map(update), false);
  await recorder.end('done');
  const found = await pages(`/${first.id}/metrics?limit=5`);
  assert.equal(
    found.map(({ step, seed }) => [step, seed]),
    [64, 128, 192].flatMap((step) => [1, 2].map((seed) => [step, seed])),
  );
  assert.equal(found[0]!.metrics, update(64));
  const ofSeed = await pages(`/${first.id}/metrics?limit=2&seed=2`);
  assert.equal(
    ofSeed.map(({ step, seed }) => [step, seed]),
    [64, 128, 192].map((step) => [step, 2]),
  );
});

const ended = (episode: number, step: number, more: Partial<Episode> = {}): Episode => ({
  episode,
  standsFor: 1,
  step,
  length: 32,
  return: -0.1 / 3,
  ending: 'length',
  from: 1_700_000_000_123_000,
  to: 1_700_000_060_000_000,
  equityFrom: 10_000,
  equityTo: 9_999.123456789,
  fees: 0.1 + 0.2,
  filled: 7,
  ...more,
});

test('episodes come in the order of the steps at which they ended, each once, as they were', async () => {
  const silent = {
    ending: 'terminated',
    from: null,
    to: null,
    equityFrom: null,
    equityTo: null,
    fees: null,
    filled: null,
  } as const;
  const one = [ended(1, 64), ended(2, 64, { return: 1e-300 }), ended(4, 192, { standsFor: 2, ending: 'ruin' })];
  const other = [ended(1, 64), ended(2, 128, silent)];
  await recorder.begin(first, false);
  recorder.episodes(1, one);
  recorder.episodes(2, other);
  await recorder.end('stopped');
  // As of one that is taken up again.
  await recorder.begin(first, false);
  recorder.episodes(1, one.slice(1));
  await recorder.end('done');
  const expected = [
    { seed: 1, ...one[0]! },
    { seed: 1, ...one[1]! },
    { seed: 2, ...other[0]! },
    { seed: 2, ...other[1]! },
    { seed: 1, ...one[2]! },
  ];
  for (const limit of [1, 2, 5, 10]) assert.equal(await pages(`/${first.id}/episodes?limit=${limit}`), expected);
  assert.equal(
    await pages(`/${first.id}/episodes?limit=1&seed=2`),
    expected.filter(({ seed }) => seed === 2),
  );
  assert.equal((await ask('GET', `/${second.id}/episodes`)).body.items, []);
  assert.is((await ask('GET', '/0123456789abcdef/episodes')).status, 404);
  const { body } = await ask('GET', `/${first.id}/metrics?limit=1`);
  const refused = await ask('GET', `/${first.id}/episodes?cursor=${body.nextCursor}`);
  assert.equal([refused.status, refused.body.errors[0]!.field], [400, 'cursor'], 'a cursor of another list');
  await recorder.begin(first, true);
  await recorder.end('done');
  assert.equal((await ask('GET', `/${first.id}/episodes`)).body.items, [], 'one that begins anew has none');
});

test('a run is asked for as a job, by keys that may; what is not as expected is refused by its field', async () => {
  const config = { instrument, seeds: [1] };
  const { status, body } = await ask('POST', '', config);
  assert.equal([status, body.kind, body.state], [202, 'train', 'waiting']);
  assert.equal((body.data as { readonly ppo: { readonly gamma: number } }).ppo.gamma, 0.98, 'with what is usual');
  assert.is((await ask('POST', '', { ...config, workers: 1 })).body.id, body.id, 'the same work is the same job');
  for (const [wrong, field] of [
    [{ ...config, ppo: { gamma: 2 } }, 'ppo/gamma'],
    [{ ...config, sedes: [1] }, 'sedes'],
    [{ ...config, reward: { file: '/tmp/own.ts' } }, 'reward/file'],
    [{ instrument: 'simulated:NOBODY' }, 'instrument'],
    [[], 'body'],
  ] as const) {
    const refused = await ask('POST', '', wrong);
    assert.equal([refused.status, refused.body.errors[0]!.field], [400, field], refused.body.detail);
  }
  for (const [role, expected] of [
    ['read', 403],
    ['train', 202],
  ] as const) {
    const key = await api.keyOf(role);
    assert.is((await ask('POST', '', config, key)).status, expected, role);
    assert.is((await ask('GET', '', undefined, key)).status, 200);
  }
});

test('the topic of a run tells its updates and its end as they come, by both kinds of stream', async () => {
  const { port } = await api.listen();
  const headers = { authorization: `Bearer ${api.key}` };
  const topic = `run:${second.id}`;
  const sse = await openSse(`http://127.0.0.1:${port}/api/v1/stream?topics=${topic}`, headers);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/ws`, { headers });
  const heard: { readonly topic?: string; readonly data?: unknown; readonly op?: string }[] = [];
  const { promise: subscribed, resolve } = Promise.withResolvers<void>();
  socket.on('message', (text) => {
    heard.push(JSON.parse(String(text)));
    if (heard.at(-1)!.op === 'subscribed') resolve();
  });
  socket.on('open', () => socket.send(JSON.stringify({ op: 'subscribe', topics: [topic, 'status'] })));
  await subscribed;
  await recorder.begin(second, false);
  recorder.metrics(3, [update(256)], true);
  await recorder.end('failed', { error: 'no luck' });
  const expected = [
    { i: 0, type: 'status', status: 'running', error: null },
    { i: 0, type: 'metrics', seed: 3, step: 256, metrics: update(256) },
    { i: 0, type: 'status', status: 'failed', error: 'no luck' },
  ];
  await sse.until(({ data }) => data.includes('no luck'));
  const events = sse.events.filter(({ event }) => event === topic);
  assert.equal(
    events.map(({ data }) => JSON.parse(data)),
    expected,
  );
  const again = await openSse(
    `http://127.0.0.1:${port}/api/v1/stream?topics=${topic}&lastEventId=${events[0]!.id}`,
    headers,
  );
  await again.until(({ data }) => data.includes('no luck'));
  assert.equal(
    again.events.map(({ data }) => JSON.parse(data)),
    expected.slice(1),
    'resumed behind the first',
  );
  const heardOf = () => heard.filter((one) => one.topic === topic).map(({ data }) => data);
  await until('all that the socket hears', () => heardOf().length >= expected.length);
  assert.equal(heardOf(), expected);
  sse.cut();
  again.cut();
  socket.close();
  for (const [wrong, status] of [
    ['run:nobody', 400],
    ['run', 400],
    ['run:0123456789abcdef', 404],
  ] as const) {
    const refused = await api.get(`/api/v1/stream?topics=${wrong}`);
    assert.is(refused.status, status, wrong);
  }
  assert.equal(api.errors, []);
});

test('ends', () => api.end());

test.run();
