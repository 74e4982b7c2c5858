import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JobRecord } from '../../../services/jobs/job-record.ts';
import { startJobWorker } from '../../../services/jobs/job-worker.ts';
import { LIVE } from '../../../streams/keys.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { testInstrument } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { openSse } from './sse-reader.ts';
import { startTestApi } from './test-api.ts';

const test = suite('services/api/jobs');
const api = await startTestApi();
const instrument = testInstrument();
await registerRecording(api.redis, instrument, { recording: LIVE, kind: 'live' });

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JobRecord & {
    readonly items: JobRecord[];
    readonly nextCursor: string | null;
    readonly detail: string;
    readonly errors: { readonly field: string; readonly expected: string; readonly found: string | null }[];
  };
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await api.app.request(`${api.origin}/api/v1/jobs${path}`, {
    method,
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
}

const verify = (from: number) => ask('POST', '', { kind: 'verify', data: { instrument, from } });

test('a job is asked for, found and listed, the newest first, page by page', async () => {
  const ids: string[] = [];
  for (const from of [1, 2, 3]) {
    const { status, headers, body } = await verify(from);
    assert.equal([status, body.kind, body.state, body.data['from']], [202, 'verify', 'waiting', from]);
    assert.is(headers.get('location'), `/api/v1/jobs/${body.id}`);
    assert.equal((await ask('GET', `/${body.id}`)).body, body);
    ids.unshift(body.id);
  }
  assert.is((await verify(3)).body.id, ids[0], 'the same work is the same job');
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: Answer = await ask('GET', `?limit=2${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
  }
  assert.equal(found, ids);
  assert.equal((await ask('GET', '?state=running')).body.items, []);
  assert.is((await ask('GET', '?kind=verify&state=waiting')).body.items.length, 3);
});

test('what is not as expected is refused by its field', async () => {
  for (const [body, field, found] of [
    [{ kind: 'verfy' }, 'kind', 'verfy'],
    [{ data: {} }, 'kind', null],
    [{ kind: 'verify', data: { instrument: 'BTC' } }, 'data/instrument', 'BTC'],
    [{ kind: 'verify', data: { instrument: 'simulated:NOBODY' } }, 'data/instrument', 'simulated:NOBODY'],
    [{ kind: 'features-backfill', data: { instrument, set: 'spin-v1' } }, 'data/set', 'spin-v1'],
    [{ kind: 'verify', data: [] }, 'data', '[]'],
    [{ kind: 'verify', dat: {} }, 'dat', null],
    [[], 'body', null],
    ['{', 'body', null],
  ] as const) {
    const answer = await ask('POST', '', body);
    assert.is(answer.status, 400, JSON.stringify(body));
    assert.equal([answer.body.errors[0]!.field, answer.body.errors[0]!.found], [field, found], answer.body.detail);
  }
  const near = await ask('POST', '', { kind: 'verfy' });
  assert.match(near.body.detail, /kind: expected one of .* \(did you mean verify\?\), found verfy/);
  for (const [path, field] of [
    ['?state=run', 'state'],
    ['?kind=x', 'kind'],
    ['?limit=0', 'limit'],
    ['?cursor=W10', 'cursor'],
  ] as const)
    assert.is((await ask('GET', path)).body.errors[0]!.field, field);
  for (const method of ['GET', 'DELETE']) {
    const { status, body } = await ask(method, '/4711');
    assert.equal([status, body.errors[0]!.field, body.errors[0]!.found], [404, 'id', '4711']);
  }
  const anonymous = await api.app.request(`${api.origin}/api/v1/jobs`, { method: 'POST', body: '{}' });
  assert.is(anonymous.status, 401);
});

test('one that waits is taken out; one that has ended cannot be cancelled', async () => {
  const { items } = (await ask('GET', '')).body;
  assert.is((await ask('DELETE', `/${items[0]!.id}`)).status, 202);
  assert.is((await ask('GET', `/${items[0]!.id}`)).status, 404);
  const { redisUrl, questdbUrl } = api.urls;
  const worker = await startJobWorker({ redisUrl, questdbUrl, jobsMax: 1, log: () => {} });
  const { id } = items[2]!;
  const done = await until('its end', async () => {
    const { body } = await ask('GET', `/${id}`);
    return body.endedTime !== null && body;
  });
  await worker.stop();
  assert.equal([done.state, (done.result as { items: unknown[] }).items.length], ['done', 1]);
  const refused = await ask('DELETE', `/${id}`);
  assert.equal(
    [refused.status, refused.body.detail],
    [400, `id: expected a job that waits or runs, found ${id}, which is done`],
  );
});

test('the newest jobs are told once a second to who wants them, without their results', async () => {
  await api.listen();
  const sse = await openSse(`${api.origin}/api/v1/stream?topics=jobs`, { authorization: `Bearer ${api.key}` });
  const { id, data } = await sse.until(({ event }) => event === 'jobs');
  const { items } = JSON.parse(data) as { items: JobRecord[] };
  assert.equal([id, items[0]!.kind, 'result' in items[0]!], [undefined, 'verify', false]);
  sse.cut();
});

test('ends', () => api.end());

test.run();
