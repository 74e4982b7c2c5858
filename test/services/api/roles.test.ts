import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROLES, type Role } from '../../../services/api/auth/role.ts';
import { JOB_KIND_NAMES, JOB_KINDS } from '../../../services/jobs/job-kinds.ts';
import type { JobRecord } from '../../../services/jobs/job-record.ts';
import { ACCOUNTS_KEY, LIVE } from '../../../streams/keys.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { testInstrument } from '../../support/servers.ts';
import { startTestApi } from './test-api.ts';

const test = suite('services/api/roles');
const api = await startTestApi();
const instrument = testInstrument();
await registerRecording(api.redis, instrument, { recording: LIVE, kind: 'live' });
// The account of an example.
await api.redis.sadd(ACCOUNTS_KEY, 'paper');
const keys = new Map<Role, string>();
for (const role of ROLES) keys.set(role, await api.keyOf(role));

interface Body extends JobRecord {
  readonly detail: string;
  readonly errors: { readonly field: string; readonly expected: string; readonly found: string | null }[];
}

async function ask(role: Role, method: string, path: string, body?: object): Promise<{ status: number; body: Body }> {
  const answer = await api.app.request(`${api.origin}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${keys.get(role)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

/** What each kind of job asks for: written out, so that none changes, or is added, unseen. */
const LEAST: Readonly<Record<string, Role>> = {
  'features-backfill': 'replay',
  'models-watch': 'trade',
  optimise: 'train',
  train: 'train',
  verify: 'replay',
  'verify-decisions': 'replay',
};
const mayAs = (role: Role, least: Role): boolean => ROLES.indexOf(role) <= ROLES.indexOf(least);

test('every kind of job is known here, and none is started by who may only read', () => {
  assert.equal(Object.keys(LEAST), JOB_KIND_NAMES);
  for (const { name, role } of JOB_KINDS) assert.is.not(role, 'read', name);
});

test('a job is started and cancelled by the role that its kind asks for, and by those above', async () => {
  for (const { name: kind, example } of JOB_KINDS) {
    const data = 'instrument' in example ? { ...example, instrument } : example;
    for (const role of ROLES) {
      const said = `${kind} as ${role}`;
      const may = mayAs(role, LEAST[kind]!);
      const { status, body } = await ask(role, 'POST', '/jobs', { kind, data });
      assert.is(status, may ? 202 : 403, `${said}: ${body.detail}`);
      if (!may) {
        assert.equal([body.errors[0]!.field, body.errors[0]!.found], ['role', role], said);
        assert.match(body.errors[0]!.expected, `or ${LEAST[kind]}`, said);
      }
      const { id } = (await ask('admin', 'POST', '/jobs', { kind, data })).body;
      assert.is((await ask('read', 'GET', `/jobs/${id}`)).status, 200, said);
      assert.is((await ask(role, 'DELETE', `/jobs/${id}`)).status, may ? 202 : 403, `cancelling ${said}`);
      assert.is((await ask('read', 'GET', `/jobs/${id}`)).status, may ? 404 : 200, said);
    }
  }
});

test('a key that may not is told so before its data is looked at', async () => {
  const { status, body } = await ask('read', 'POST', '/jobs', { kind: 'train', data: { instrument: 'BTC' } });
  assert.equal([status, body.errors[0]!.field], [403, 'role']);
  assert.is((await ask('read', 'POST', '/jobs', { kind: 'trian' })).status, 400);
});

test('an account is told what to do by who may trade', async () => {
  const account = `roles-${process.pid}`;
  const start = { instrument, strategy: 'market-maker' };
  for (const [command, body] of [
    ['start', start],
    ['halt', { flatten: true }],
    ['resume', {}],
    ['stop', {}],
  ] as const)
    for (const role of ROLES) {
      const { status } = await ask(role, 'POST', `/trading/${account}/${command}`, body);
      assert.is(status, mayAs(role, 'trade') ? 202 : 403, `${command} as ${role}`);
    }
  assert.is((await ask('read', 'GET', `/trading/${account}/ledger`)).status, 200);
});

test('ends', () => api.end());

test.run();
