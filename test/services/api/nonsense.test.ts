import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { testInstrument } from '../../support/servers.ts';
import { announce } from './derived-stream.ts';
import { startTestApi } from './test-api.ts';

/** Whatever is sent, the answer is well-formed and blames a field of the request: never a 500, never a hang. */

const api = await startTestApi({ limits: { rate: { perSecond: 1e6, burst: 1e6 } } });
const instrument = testInstrument();
await announce(api.redis, instrument);
const RUNS = 150;

const LISTS = ['trades', 'bars', 'features', 'liquidations', 'mark-prices', 'book_top', 'book'];
const PARAMETERS = [
  'from',
  'to',
  'at',
  'limit',
  'cursor',
  'order',
  'recording',
  'interval',
  'source',
  'every',
  'levels',
  'topics',
  'lastEventId',
  'instrument',
  'channel',
];

interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly requestId: string;
  readonly errors?: { readonly field: string; readonly expected: string; readonly found: string | null }[];
}

async function checkAnswer(path: string, init: RequestInit = {}): Promise<void> {
  const headers = { authorization: `Bearer ${api.key}`, ...(init.headers as Record<string, string>) };
  const answer = await api.app.request(`${api.origin}${path}`, { ...init, headers });
  const text = await answer.text();
  const told = `${path}: ${answer.status} ${text.slice(0, 500)}`;
  assert.ok(answer.status < 500, told);
  assert.ok(answer.headers.get('x-request-id'), told);
  if (answer.status < 400) return;
  assert.is(answer.headers.get('content-type'), 'application/problem+json', told);
  const problem = JSON.parse(text) as Problem;
  assert.is(problem.status, answer.status, told);
  for (const member of [problem.type, problem.title, problem.detail, problem.instance, problem.requestId])
    assert.type(member, 'string', told);
  if (answer.status === 400) {
    assert.ok((problem.errors?.length ?? 0) > 0, told);
    for (const { field, expected } of problem.errors!) assert.ok(field !== '' && expected !== '', told);
  }
}

/** Texts that are nearly right, wrong, hostile or odd. */
const nonsense = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '0',
    '-1',
    '1e9',
    'NaN',
    '99999999999999999999',
    '1.5',
    'null',
    '[]',
    '{}',
    "'; DROP TABLE trades; --",
    '%',
    '\u0000',
    'live',
    'LIVE',
    'asc,desc',
  ),
  fc.constantFrom(
    '-15m',
    '-15',
    '15m',
    '-0s',
    '2026-02-30T00:00:00Z',
    '2024-08-09',
    '2024-08-09T25:00:00Z',
    '0-0',
    '1-1:x',
    '18446744073709551615-0',
    '-999999999d',
    'now',
  ),
  fc.constantFrom(
    'status',
    `trades:${instrument}`,
    `trade:${instrument}`,
    'trades:',
    ':',
    ',',
    `${instrument}@0-0`,
    `${instrument}@0-0,x@1-1`,
    'W10',
    Buffer.from('["trades","1","x","live","1"]').toString('base64url'),
  ),
);

test('every list and the book', async () => {
  const query = fc.dictionary(fc.oneof(fc.constantFrom(...PARAMETERS), fc.string({ maxLength: 8 })), nonsense, {
    maxKeys: 4,
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...LISTS), fc.option(nonsense), query, async (list, name, parameters) => {
      const path = name === null ? instrument : encodeURIComponent(name);
      await checkAnswer(`/api/v1/${path}/${list}?${new URLSearchParams(parameters)}`);
    }),
    { numRuns: RUNS },
  );
});

test('one wrong parameter of an otherwise good request is blamed by its name', async () => {
  const wrong = [
    ['trades', 'from', 'yesterday'],
    ['trades', 'to', '2026-02-30T00:00:00Z'],
    ['trades', 'limit', '0'],
    ['trades', 'limit', '10001'],
    ['trades', 'cursor', 'W10'],
    ['trades', 'order', 'up'],
    ['trades', 'recording', 'LIVE'],
    ['trades', 'every', '1s'],
    ['bars', 'interval', '1 minute'],
    ['bars', 'source', 'ticks'],
    ['features', 'every', '1x'],
    ['book', 'at', '15m'],
    ['book', 'levels', '-1'],
  ] as const;
  for (const [list, field, found] of wrong) {
    const answer = await api.get(`/api/v1/${instrument}/${list}?${field}=${encodeURIComponent(found)}`);
    const problem = (await answer.json()) as Problem;
    assert.is(answer.status, 400, `${list} ${field}`);
    assert.is(problem.errors?.[0]?.field, field);
    assert.is(problem.errors?.[0]?.found, found);
    assert.match(problem.detail, `${field}: expected`);
    assert.match(problem.detail, `found ${found}`);
  }
});

test('gaps, status, instruments, streams and log-ins', async () => {
  const paths = fc.constantFrom(
    '/api/v1/gaps',
    '/api/v1/status',
    '/api/v1/instruments',
    '/login',
    '/healthz',
    '/metrics',
    '/',
  );
  const query = fc.dictionary(fc.constantFrom(...PARAMETERS, 'ticket'), nonsense, { maxKeys: 3 });
  await fc.assert(
    fc.asyncProperty(paths, query, (path, parameters) => checkAnswer(`${path}?${new URLSearchParams(parameters)}`)),
    { numRuns: RUNS },
  );
  const wrongTopics = nonsense.filter((topics) => !/^(status|trades:simulated:T\w+)$/.test(topics));
  await fc.assert(
    fc.asyncProperty(wrongTopics, fc.option(nonsense), (topics, id) =>
      checkAnswer(`/api/v1/stream?${new URLSearchParams({ topics, ...(id === null ? {} : { lastEventId: id }) })}`),
    ),
    { numRuns: RUNS },
  );
});

test('paths, methods and bodies', async () => {
  const path = fc.array(fc.oneof(nonsense, fc.constantFrom('api', 'v1', 'trades', '..', 'assets', 'login-links')), {
    maxLength: 5,
  });
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD');
  await fc.assert(
    fc.asyncProperty(path, method, nonsense, async (parts, verb, body) => {
      const hasBody = verb !== 'GET' && verb !== 'HEAD';
      if (verb === 'HEAD') return;
      await checkAnswer(`/${parts.map(encodeURIComponent).join('/')}`, { method: verb, ...(hasBody ? { body } : {}) });
    }),
    { numRuns: RUNS },
  );
});

test('a body that is too large is refused', async () => {
  const answer = await api.app.request(`${api.origin}/api/v1/login-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}`, 'content-length': '100000' },
    body: 'x'.repeat(100_000),
  });
  assert.is(answer.status, 413);
});

test('an unknown route names the nearest one, a wrong method the right ones', async () => {
  const near = (await (await api.get(`/api/v1/${instrument}/trade`)).json()) as Problem;
  assert.match(near.detail, '/api/v1/{instrument}/trades');
  const answer = await api.app.request(`${api.origin}/api/v1/status`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}` },
  });
  assert.is(answer.status, 405);
  assert.is(answer.headers.get('allow'), 'GET');
});

test('an unknown instrument names the nearest one', async () => {
  const answer = await api.get(`/api/v1/${instrument}X/trades`);
  assert.is(answer.status, 404);
  assert.match(((await answer.json()) as Problem).detail, `did you mean ${instrument}?`);
});

test('no error of these was a failure inside', () => {
  assert.equal(api.errors, []);
});

test('ends', () => api.end());

test.run();
