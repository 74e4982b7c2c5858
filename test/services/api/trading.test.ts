import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LedgerEvent } from '../../../operators/ledger/ledger-event.ts';
import type { AccountStatus } from '../../../services/trader/account-status.ts';
import { accountStatusKey } from '../../../streams/keys.ts';
import { appendToLedger } from '../../../streams/ledger.ts';
import { ledgerOf } from '../trader/trading-log.ts';
import { openSse } from './sse-reader.ts';
import { startTestApi } from './test-api.ts';

const test = suite('services/api/trading');
const api = await startTestApi();
let count = 0;
const newAccount = (): string => `api-${process.pid}-${count++}`;

interface Body extends AccountStatus {
  readonly items: (AccountStatus & {
    readonly entryId: string;
    readonly n: number | null;
    readonly event: LedgerEvent;
  })[];
  readonly nextCursor: string | null;
  readonly commandId: string;
  readonly detail: string;
}

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const answer = await api.app.request(`${api.origin}/api/v1/trading${path}`, {
    method,
    headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

const START = { instrument: 'simulated:BTCUSDT', strategy: 'market-maker', parameters: { qty: 0.5 } };
const eventsOf = async (account: string) => (await ledgerOf(api.redis, account)).map(({ event }) => event);

test('start, halt, resume and stop are commands of the ledger, with who said so', async () => {
  const account = newAccount();
  const start = await ask('POST', `/${account}/start`, START);
  assert.is(start.status, 202);
  assert.match(start.body.commandId, /^\d+-\d+$/);
  for (const [command, body] of [
    ['halt', { flatten: true, reason: 'enough' }],
    ['resume', {}],
    ['stop', {}],
  ] as const)
    assert.is((await ask('POST', `/${account}/${command}`, body)).status, 202);
  const [started, halt, resume, stop] = await eventsOf(account);
  assert.ok(
    started?.type === 'start' && started.settings.parameters['qty'] === 0.5 && started.settings.balance === 10_000,
  );
  assert.ok(halt?.type === 'halt' && halt.flattens && halt.reason === 'enough' && /^key /.test(halt.by));
  assert.is(resume?.type, 'resume');
  assert.ok(stop?.type === 'stop' && !stop.flattens);
});

test('how an account stands is what its trader said, or that none is there', async () => {
  const account = newAccount();
  await ask('POST', `/${account}/start`, START);
  const { body: alone } = await ask('GET', `/${account}`);
  assert.equal([alone.state, alone.reason, alone.session], ['stopped', 'no trader is there', null]);
  const told = { account, timeMs: Date.now(), state: 'halted', reason: 'enough', session: { equity: 5 } };
  await api.redis.set(accountStatusKey(account), JSON.stringify(told));
  assert.equal((await ask('GET', `/${account}`)).body, told);
  const { items } = (await ask('GET', '')).body;
  assert.equal(
    items.find((item) => item.account === account),
    told,
  );
  await api.redis.set(accountStatusKey(account), JSON.stringify({ ...told, timeMs: Date.now() - 60_000 }));
  const { body: left } = await ask('GET', `/${account}`);
  assert.is(left.state, 'waiting');
  assert.match(left.reason!, /^no trader is there since 20/);
});

test('the ledger is read from its end, page by page', async () => {
  const account = newAccount();
  await ask('POST', `/${account}/start`, START);
  await appendToLedger(api.redis, account, 0, ['{"type":"a"}', '{"type":"b"}', '{"type":"c"}']);
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await ask('GET', `/${account}/ledger?limit=2${cursor && `&cursor=${cursor}`}`);
    found.push(...body.items.map(({ n, event }) => `${n} ${event.type}`));
    cursor = body.nextCursor;
  }
  assert.equal(found, ['2 c', '1 b', '0 a', 'null start']);
});

test('what is not as expected is refused by its field, and nothing is written', async () => {
  const account = newAccount();
  for (const [method, path, body, status, pattern] of [
    ['GET', `/${account}`, undefined, 404, /account: expected .*found api-/],
    ['POST', `/${account}/halt`, {}, 404, /account: expected .*found api-/],
    ['POST', '/My%20account/halt', {}, 400, /account: expected the name of an account/],
    ['POST', `/${account}/start`, { ...START, strategy: 'market-makr' }, 400, /did you mean market-maker\?/],
    ['POST', `/${account}/start`, { ...START, parameters: { qty: -1 } }, 400, /qty/],
    ['POST', `/${account}/start`, { strategy: 'market-maker' }, 400, /instrument/],
    ['POST', `/${account}/start`, { ...START, balnce: 1 }, 400, /balnce/],
  ] as const) {
    const found = await ask(method, path, body);
    assert.is(found.status, status, `${method} ${path} ${JSON.stringify(body)}`);
    assert.match(found.body.detail, pattern);
  }
  assert.equal(await eventsOf(account), []);
  await ask('POST', `/${account}/start`, START);
  const bad = await ask('POST', `/${account}/halt`, { flatten: 'yes' });
  assert.is(bad.status, 400);
  assert.match(bad.body.detail, /flatten: expected true or false/);
  assert.is((await eventsOf(account)).length, 1);
});

test('the topic trading tells once a second how all accounts stand', async () => {
  const account = newAccount();
  await ask('POST', `/${account}/start`, START);
  await api.listen();
  const sse = await openSse(`${api.origin}/api/v1/stream?topics=trading`, { authorization: `Bearer ${api.key}` });
  const { data } = await sse.until(({ event }) => event === 'trading');
  const { items } = JSON.parse(data) as { items: AccountStatus[] };
  assert.ok(items.some((item) => item.account === account));
  sse.cut();
});

test('ends', () => api.end());

test.run();
