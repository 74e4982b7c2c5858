import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { startTestApi } from './test-api.ts';

const api = await startTestApi();

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { summary?: string; responses: Record<string, unknown> }>>;
}

test('describes every route below /api/v1, and only those that are there', async () => {
  const document = (await (await api.get('/api/v1/openapi.json')).json()) as Document;
  assert.is(document.openapi, '3.1.0');
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  const own = new Set(['GET /api/v1/openapi.json', 'GET /api/v1/docs']);
  const routes = new Set(
    api.app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !own.has(route)),
  );
  assert.equal(documented.sort(), [...routes].sort());
});

test('each operation has a summary and says what it answers without a key', async () => {
  const document = (await (await api.get('/api/v1/openapi.json')).json()) as Document;
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods)) {
      assert.ok(operation.summary, path);
      assert.ok(operation.responses['401'], path);
    }
  }
});

test('the page shows every route and loads nothing', async () => {
  const answer = await api.get('/api/v1/docs');
  const page = await answer.text();
  for (const path of ['/api/v1/stream', '/api/v1/{instrument}/bars', '/api/v1/login-links']) assert.match(page, path);
  assert.not.match(page, /<script|src=|https?:/);
});

test('needs the key too', async () => {
  for (const path of ['/api/v1/docs', '/api/v1/openapi.json'])
    assert.is((await api.app.request(`${api.origin}${path}`)).status, 401);
});

test('ends', () => api.end());

test.run();
