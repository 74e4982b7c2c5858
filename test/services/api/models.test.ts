import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createApiKey, hashSecret } from '../../../services/api/auth/api-key.ts';
import type { Role } from '../../../services/api/auth/role.ts';
import type { FieldError } from '../../../services/api/http/problem.ts';
import { registerModel } from '../../../services/trainer/registry/register-model.ts';
import { smallBookModel } from '../trainer/model/small-book-model.ts';
import { forwardTest, goodModel, home } from '../trainer/registry/registry-rig.ts';
import { PEPPER, startTestApi } from './test-api.ts';

const test = suite('services/api/models');
const api = await startTestApi();

interface Shown {
  readonly id: string;
  readonly number: number;
  readonly stage: string;
  readonly environment: string;
  readonly interval: string;
  readonly strategy: string;
  readonly createdTime: number;
  readonly train: { readonly from: number };
  readonly tested: { readonly model: { readonly total: number }; readonly baselines: readonly unknown[] };
  readonly history: readonly { readonly kind: string; readonly who: string; readonly why: string }[];
  readonly replaced: Shown | null;
  readonly items: readonly Shown[];
  readonly nextCursor: string | null;
  readonly detail: string;
  readonly errors: readonly FieldError[];
}

async function keyOf(role: Role): Promise<string> {
  const key = createApiKey();
  await api.postgres.query('INSERT INTO keys (id, name, role, secret_hash) VALUES ($1, $2, $2, $3)', [
    key.publicId,
    role,
    hashSecret(key.secret, PEPPER),
  ]);
  return key.text;
}
const keys = { admin: api.key, trade: await keyOf('trade'), train: await keyOf('train'), read: await keyOf('read') };

async function ask(
  path: string,
  body?: unknown,
  by: keyof typeof keys = 'admin',
): Promise<{ status: number; body: Shown }> {
  const answer = await api.app.request(`${api.origin}/api/v1/models${path}`, {
    headers: { authorization: `Bearer ${keys[by]}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Shown };
}

let lines = 0;
async function line(count: number): Promise<{ name: string; ids: string[] }> {
  const name = `line-${lines++}`;
  const ids: string[] = [];
  for (let n = 0; n < count; n++)
    ids.push(
      (await registerModel(api.postgres, home, goodModel(lines * 100 + n, {}, n + 1), { name, who: 'eve' })).record.id,
    );
  return { name, ids };
}

test('a model on a book is told with how often it decides', async () => {
  const model = smallBookModel({ every: { everyEvents: 50 } });
  const { record } = await registerModel(api.postgres, home, model, { name: 'on-a-book', who: 'eve' });
  const { items } = (await ask('?name=on-a-book')).body;
  const told = ({ id, environment, interval }: Shown) => ({ id, environment, interval });
  assert.equal(items.map(told), [{ id: record.id, environment: 'book', interval: '50 events' }]);
  const promoted = await ask(`/${record.id}/promote`, { why: 'to see' });
  assert.equal([promoted.status, promoted.body.errors.map(({ field }) => field)], [409, ['tested-later']]);
  const { ids } = await line(1);
  assert.equal(told((await ask(`/${ids[0]}`)).body), { id: ids[0]!, environment: 'bars', interval: '1s' });
});

test('models are listed page by page, and shown with what became of them', async () => {
  const { name, ids } = await line(3);
  const first = await ask(`?name=${name}&limit=2`);
  assert.equal(
    first.body.items.map(({ id }) => id),
    [ids[2], ids[1]],
  );
  const second = await ask(`?name=${name}&limit=2&cursor=${first.body.nextCursor}`);
  assert.equal([second.body.items.map(({ id }) => id), second.body.nextCursor], [[ids[0]], null]);
  const { status, body } = await ask(`/${name}:v1`);
  assert.equal([status, body.id, body.stage, body.strategy], [200, ids[0], 'candidate', `model:${ids[0]}`]);
  assert.equal(
    [body.train.from, body.tested.model.total, body.tested.baselines.length],
    [Date.UTC(2023, 0) * 1_000, 0.1, 1],
  );
  assert.equal(
    body.history.map(({ kind }) => kind),
    ['register'],
  );
  const none = await ask('/nothing');
  assert.equal(
    [none.status, none.body.errors[0]!.field, none.body.errors[0]!.found!.slice(0, 7)],
    [404, 'model', 'nothing'],
  );
  const wrong = await ask('?stage=pper');
  assert.equal([wrong.status, wrong.body.errors[0]!.field], [400, 'stage']);
});

test('a promotion, a demotion and a rollback say who by their key', async () => {
  const { name, ids } = await line(2);
  const promoted = await ask(`/${name}:v1/promote`, { why: 'first' }, 'train');
  assert.equal([promoted.status, promoted.body.stage, promoted.body.replaced], [200, 'paper', null]);
  const newer = await ask(`/${ids[1]}/promote`, { why: 'newer', to: 'paper' }, 'train');
  assert.equal([newer.body.stage, newer.body.replaced!.id, newer.body.replaced!.stage], ['paper', ids[0], 'archived']);
  const back = await ask(`/${name}/rollback`, {}, 'train');
  assert.equal([back.status, back.body.id, back.body.replaced!.id], [200, ids[0], ids[1]]);
  const demoted = await ask(
    `/${name}@paper/demote`,
    { why: 'drift', to: 'candidate', evaluation: { drift: 7 } },
    'train',
  );
  assert.equal([demoted.status, demoted.body.stage], [200, 'candidate']);
  const { body } = await ask(`/${ids[0]}`);
  assert.equal(
    body.history.map(({ kind, who, why }) => [kind, who, why]),
    [
      ['register', 'eve', 'registered'],
      ['promote', 'key train', 'first'],
      ['replace', 'key train', `by ${name}:v2: newer`],
      ['rollback', 'key train', 'rolled back'],
      ['demote', 'key train', 'drift'],
    ],
  );
});

test('each role may do its part: read nothing, train paper, trade live, admin what rules forbid', async () => {
  const { name, ids } = await line(2);
  const [first, second] = ids as [string, string];
  const may = async (by: keyof typeof keys, path: string, body: unknown) => (await ask(path, body, by)).status;
  const live = { why: 'x', to: 'live', force: true };
  assert.is(await may('read', `/${first}/promote`, { why: 'x' }), 403);
  assert.is(await may('train', `/${first}/promote`, { why: 'x', to: 'live' }), 403);
  assert.is(await may('trade', `/${first}/promote`, { why: 'x', to: 'live' }), 409, 'it breaks rules');
  assert.is(await may('trade', `/${first}/promote`, live), 403);
  assert.is(await may('admin', `/${first}/promote`, live), 200);
  assert.is(await may('admin', `/${second}/promote`, live), 200);
  assert.is(await may('train', `/${name}/rollback`, {}), 403);
  assert.is(await may('trade', `/${name}/rollback`, {}), 200);
  assert.is(await may('read', `/${first}/demote`, { why: 'x' }), 403);
  assert.is(await may('train', `/${first}/demote`, { why: 'x' }), 403);
  assert.is(await may('trade', `/${first}/demote`, { why: 'x' }), 200);
  const { body } = await ask(`/${first}/promote`, { why: 'x' }, 'read');
  assert.is(body.detail, 'role: expected a key with the role admin or trade or train, found read');
  assert.is((await ask(`/${first}`, undefined, 'read')).status, 200);
});

test('refusals are problems that name the rule or the field', async () => {
  const { ids } = await line(1);
  const [id] = ids as [string];
  await ask(`/${id}/promote`, { why: 'x' });
  const evaluation = forwardTest({ id }, { decisions: 5, fills: 0 });
  const refused = await ask(`/${id}/promote`, { why: 'x', evaluation });
  assert.is(refused.status, 409);
  const rules = refused.body.errors.map(({ field }) => field);
  assert.ok(rules.includes('forward-decisions') && rules.includes('forward-traded'), rules.join());
  for (const [path, body, field] of [
    [`/${id}/promote`, {}, 'why'],
    [`/${id}/promote`, { why: 'x', to: 'archived' }, 'to'],
    [`/${id}/promote`, { why: 'x', wy: 'y' }, 'wy'],
    [`/${id}/promote`, { why: 'x', evaluation: 7 }, 'evaluation'],
    [`/${id}/promote`, { why: 'x', evaluation: { ...evaluation, fills: -1 } }, 'fills'],
    [`/${id}/demote`, { why: 'x', to: 'live' }, 'to'],
    ['/line-0/rollback', {}, 'name'],
  ] as const) {
    const { status, body: problem } = await ask(path, body);
    assert.equal(
      [status, problem.errors[0]!.field],
      [400, field],
      `${path} ${JSON.stringify(body)}: ${problem.detail}`,
    );
  }
  assert.is((await ask('/nobody/rollback', {})).status, 404);
  assert.equal(api.errors, []);
});

test('ends', () => api.end());

test.run();
