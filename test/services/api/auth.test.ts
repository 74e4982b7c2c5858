import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createApiKey, hashSecret } from '../../../services/api/auth/api-key.ts';
import { createKeyStore } from '../../../services/api/auth/key-store.ts';
import { createSession, SESSION_SECONDS } from '../../../services/api/auth/session.ts';
import { PEPPER, startTestApi } from './test-api.ts';

const api = await startTestApi();
const nowSeconds = () => Math.floor(Date.now() / 1_000);

async function request(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return api.app.request(`${api.origin}${path}`, { method, headers });
}

async function loginTicket(): Promise<string> {
  const made = await request('/api/v1/login-links', { authorization: `Bearer ${api.key}` }, 'POST');
  assert.is(made.status, 201);
  const { url } = (await made.json()) as { url: string };
  assert.ok(url.startsWith(`${api.origin}/login?ticket=`), url);
  return url.slice(api.origin.length);
}

async function login(): Promise<string> {
  const answer = await request(await loginTicket());
  return answer.headers.getSetCookie()[0]!.split(';')[0]!;
}

test('lets nobody in without a key, and says what it expects', async () => {
  const answer = await request('/api/v1/status');
  assert.is(answer.status, 401);
  assert.is(answer.headers.get('content-type'), 'application/problem+json');
  assert.ok(answer.headers.get('www-authenticate')?.startsWith('Bearer'));
  const document = (await answer.json()) as { errors: { field: string; found: unknown }[]; requestId: string };
  assert.equal(document.errors[0]?.field, 'Authorization');
  assert.is(document.errors[0]?.found, null);
  assert.is(document.requestId, answer.headers.get('x-request-id'));
});

test('lets in who sends the key', async () => {
  const answer = await api.get('/api/v1/status');
  assert.is(answer.status, 200);
  assert.ok(Number(answer.headers.get('ratelimit-remaining')) > 0);
});

test('refuses a wrong secret, a wrong checksum, another scheme and a key that was never made', async () => {
  const { text } = createApiKey();
  const wrong = `${api.key.slice(0, 20)}${api.key[20] === 'A' ? 'B' : 'A'}${api.key.slice(21)}`;
  for (const authorization of [
    `Bearer ${text}`,
    `Bearer ${wrong}`,
    `Basic ${api.key}`,
    'Bearer',
    api.key,
    'Bearer don_',
  ]) {
    const answer = await request('/api/v1/status', { authorization });
    assert.is(answer.status, 401, authorization);
    assert.not.match(await answer.text(), api.key.slice(20, 40), 'the answer repeats no part of a key');
  }
});

test('refuses the right id with another secret', async () => {
  const made = createApiKey();
  await api.postgres.query("INSERT INTO keys (id, name, role, secret_hash) VALUES ($1, 'x', 'read', $2)", [
    made.publicId,
    hashSecret(createApiKey().secret, PEPPER),
  ]);
  assert.is((await request('/api/v1/status', { authorization: `Bearer ${made.text}` })).status, 401);
});

test('a valid cookie beside a wrong key does not let in', async () => {
  const answer = await request('/api/v1/status', { authorization: 'Bearer don_x', cookie: await login() });
  assert.is(answer.status, 401);
});

test('stores no secret: the table holds its keyed hash', async () => {
  const { rows } = await api.postgres.query('SELECT * FROM keys');
  const secret = api.key.slice(18, 61);
  assert.not.match(JSON.stringify(rows), secret);
  assert.is(rows[0].secret_hash.length, 64);
});

test('a login link logs in once', async () => {
  const path = await loginTicket();
  const first = await request(path);
  assert.is(first.status, 303);
  assert.is(first.headers.get('location'), '/');
  const cookie = first.headers.getSetCookie()[0]!;
  assert.match(cookie, 'HttpOnly');
  assert.match(cookie, 'SameSite=Strict');
  const inside = await request('/api/v1/status', { cookie: cookie.split(';')[0]! });
  assert.is(inside.status, 200);
  const second = await request(path);
  assert.is(second.status, 401);
  assert.is(second.headers.getSetCookie().length, 0);
});

test('a made-up ticket logs nobody in', async () => {
  for (const path of ['/login', '/login?ticket=', `/login?ticket=${'A'.repeat(43)}`, '/login?ticket=%00']) {
    const answer = await request(path);
    assert.is(answer.status, 401, path);
    assert.is(answer.headers.getSetCookie().length, 0);
  }
});

test('tells a browser in words that its link is used up', async () => {
  const answer = await request('/login?ticket=old', { accept: 'text/html,*/*' });
  assert.is(answer.status, 401);
  assert.match(answer.headers.get('content-type') ?? '', 'text/html');
  assert.match(await answer.text(), 'once');
});

test('refuses a session that ended, was altered or belongs to no key', async () => {
  const name = (await login()).split('=')[0]!;
  const keyId = api.key.slice(9, 17);
  const { rows } = await api.postgres.query<{ secret_hash: string }>('SELECT secret_hash FROM keys WHERE id = $1', [
    keyId,
  ]);
  const key = { publicId: keyId, hash: rows[0]!.secret_hash };
  const good = createSession(key, nowSeconds());
  const ended = createSession(key, nowSeconds() - SESSION_SECONDS - 1);
  const later = good.replace(/\.\d+\./, `.${nowSeconds() + 10 * SESSION_SECONDS}.`);
  const other = createSession({ publicId: 'aaaaaaaa', hash: key.hash }, nowSeconds());
  const forged = createSession({ publicId: keyId, hash: '00' }, nowSeconds());
  assert.is((await request('/api/v1/status', { cookie: `${name}=${good}` })).status, 200);
  for (const session of [ended, later, other, forged, 'nonsense', `${good}x`])
    assert.is((await request('/api/v1/status', { cookie: `${name}=${session}` })).status, 401, session);
});

test('a revoked key and its sessions are out at once where nothing is cached, within 5 s otherwise', async () => {
  const { publicId } = createApiKey();
  await api.postgres.query("INSERT INTO keys (id, name, role, secret_hash) VALUES ($1, 'x', 'read', '00')", [publicId]);
  let nowMs = 0;
  const find = createKeyStore(api.postgres, () => nowMs);
  assert.is((await find(publicId))?.hash, '00');
  await api.postgres.query('UPDATE keys SET revoked_at = now() WHERE id = $1', [publicId]);
  assert.is(await createKeyStore(api.postgres)(publicId), undefined);
  nowMs = 4_999;
  assert.is((await find(publicId))?.hash, '00');
  nowMs = 5_000;
  assert.is(await find(publicId), undefined);
});

test('answers only to its own host and origin', async () => {
  const authorization = `Bearer ${api.key}`;
  const rebound = await request('/api/v1/status', { authorization, host: 'evil.example:4000' });
  assert.is(rebound.status, 421);
  const port = new URL(api.origin).port;
  assert.is((await request('/api/v1/status', { authorization, host: `localhost:${port}` })).status, 200);
  for (const origin of ['http://evil.example', 'null', `http://127.0.0.1:${Number(port) + 1}`])
    assert.is((await request('/api/v1/status', { authorization, origin })).status, 403, origin);
  assert.is((await request('/api/v1/status', { authorization, origin: api.origin })).status, 200);
});

test('every answer carries the security headers and a request id', async () => {
  for (const path of ['/healthz', '/nowhere', '/api/v1/status']) {
    const answer = await request(path, { 'x-request-id': 'abc-1' });
    assert.match(answer.headers.get('content-security-policy') ?? '', "script-src 'self'", path);
    assert.is(answer.headers.get('x-content-type-options'), 'nosniff', path);
    assert.is(answer.headers.get('x-request-id'), 'abc-1', path);
  }
  const odd = await request('/healthz', { 'x-request-id': 'a b' });
  assert.not.equal(odd.headers.get('x-request-id'), 'a b');
});

test('limits the refused ones without shutting out who has a key', async () => {
  const startMs = performance.now();
  const statuses: number[] = [];
  while (statuses.length < 5_000 && statuses.at(-1) !== 429) statuses.push((await request('/api/v1/status')).status);
  assert.equal([...new Set(statuses)], [401, 429]);
  // Fifty at once and five a second: a machine that is slow is allowed more of them meanwhile.
  const allowed = 50 + (5 * (performance.now() - startMs)) / 1_000;
  assert.ok(statuses.length <= allowed + 2, `${statuses.length} requests until the first 429, allowed ${allowed}`);
  assert.is((await api.get('/api/v1/status')).status, 200);
});

test('ends', () => api.end());

test.run();
