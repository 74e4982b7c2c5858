import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import type { LedgerEvent } from '../../../operators/ledger/ledger-event.ts';
import type { FieldError } from '../../../services/api/http/problem.ts';
import type { AccountStatus, SessionStatus } from '../../../services/trader/account-status.ts';
import { sessionRequest } from '../../../services/trader/session-settings.ts';
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
  readonly errors?: readonly FieldError[];
}

type Headers = Readonly<Record<string, string>>;

async function request(method: string, path: string, headers: Headers, body?: string): Promise<Response> {
  return api.app.request(`${api.origin}/api/v1/trading${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const headers = { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' };
  const answer = await request(method, path, headers, body === undefined ? undefined : JSON.stringify(body));
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

const START = { instrument: 'simulated:BTCUSDT', strategy: 'market-maker', parameters: { qty: 0.5 } };
const SESSION: SessionStatus = {
  session: '0a1b2c3d4e5f',
  mode: 'paper',
  instrument: 'simulated:BTCUSDT',
  strategy: 'market-maker',
  parameters: { qty: 0.5 },
  sinceMs: 1,
  fromEntryId: '1-0',
  lastEntryId: '2-0',
  initialBalance: 10_000,
  walletBalance: 10_123.25,
  unrealisedPnl: 0,
  equity: 10_123.25,
  realisedPnl: 124,
  fees: 0.75,
  funding: 0,
  position: 0,
  markPrice: null,
  liquidations: 0,
  orders: [{ orderId: 1, side: 'buy', price: 97_000.1, qty: 0.5, state: 'open' }],
  waiting: [{ orderId: 2, side: 'sell', type: 'STOP_MARKET', trigger: 96_000, price: null, qty: null, state: 'open' }],
  fills: [],
  counts: { sent: 12, filled: 3, cancelled: 8, rejected: { '-5022': 2 }, stopped: { maxPosition: 4 } },
};
const TOLD = { session: SESSION, ended: null } as const;
/** A file that can be loaded. */
const GRID = join(REPOSITORY, 'pipelines', 'strategies', 'grid.ts');
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
  assert.ok(halt?.type === 'halt' && halt.flattens && halt.reason === 'enough' && halt.by === 'key test');
  assert.is(resume?.type, 'resume');
  assert.ok(stop?.type === 'stop' && !stop.flattens);
});

test('how an account stands is what its trader said, or that none is there', async () => {
  const account = newAccount();
  await ask('POST', `/${account}/start`, START);
  const { body: alone } = await ask('GET', `/${account}`);
  assert.equal([alone.state, alone.reason, alone.session], ['stopped', 'no trader is there', null]);
  const told: AccountStatus = { account, ...TOLD, timeMs: Date.now(), state: 'halted', reason: 'enough' };
  await api.redis.set(accountStatusKey(account), JSON.stringify(told));
  assert.equal((await ask('GET', `/${account}`)).body, told);
  const { items } = (await ask('GET', '')).body;
  assert.equal(
    items.find((item) => item.account === account),
    told,
  );
  // A halt holds without a trader too; whoever ran waits for one.
  for (const [state, expected] of [
    ['halted', 'halted'],
    ['running', 'waiting'],
  ] as const) {
    const left = { ...told, state, timeMs: Date.now() - 60_000 };
    await api.redis.set(accountStatusKey(account), JSON.stringify(left));
    const { body } = await ask('GET', `/${account}`);
    assert.is(body.state, expected);
    assert.match(body.reason!, /^no trader is there since 20/);
    assert.equal(body.session, SESSION);
  }
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
  const known = newAccount();
  await ask('POST', `/${known}/start`, START);
  for (const [path, body, status, field, expected, found] of [
    [`/${account}/halt`, {}, 404, 'account', /^one of /, account],
    [`/${account}/resume`, {}, 404, 'account', /^one of /, account],
    [`/${account}/stop`, {}, 404, 'account', /^one of /, account],
    ['/My%20account/halt', {}, 400, 'account', /lower-case letters, digits/, 'My account'],
    [
      `/${account}/start`,
      { ...START, strategy: 'market-makr' },
      400,
      'strategy',
      /^one of .*\(did you mean market-maker\?\)$/,
      'market-makr',
    ],
    [`/${account}/start`, { ...START, strategy: GRID }, 400, 'strategy', /don trade start/, JSON.stringify(GRID)],
    [`/${account}/start`, { ...START, instrument: 'BTCUSDT' }, 400, 'instrument', /venue:SYMBOL/, '"BTCUSDT"'],
    [`/${account}/start`, { strategy: 'market-maker' }, 400, 'instrument', /venue:SYMBOL/, null],
    [`/${account}/start`, { ...START, parameters: { qty: -1 } }, 400, 'parameters/qty', /^a number of base/, '-1'],
    [`/${account}/start`, { ...START, parameters: { qty: '1' } }, 400, 'parameters/qty', /^a number$/, '"1"'],
    [
      `/${account}/start`,
      { ...START, limits: { maxPosition: -1 } },
      400,
      'limits/maxPosition',
      /^a number from 0/,
      '-1',
    ],
    [`/${account}/start`, { ...START, balance: 0 }, 400, 'balance', /^a number from/, '0'],
    [`/${account}/start`, { ...START, balnce: 1 }, 400, 'balnce', /\(did you mean balance\?\)$/, '1'],
    [`/${account}/start`, { ...START, mode: 'live' }, 400, 'mode', /^paper; .*don trade start --mode live/, '"live"'],
    [`/${account}/start`, [], 400, 'body', /object/, '[]'],
    [`/${known}/halt`, { flatten: 'yes' }, 400, 'flatten', /^true or false$/, '"yes"'],
    [`/${known}/halt`, { flaten: true }, 400, 'flaten', /\(did you mean flatten\?\)$/, 'true'],
    [`/${known}/halt`, { reason: 'x'.repeat(501) }, 400, 'reason', /^at most 500 characters$/, /^"x+$/],
  ] as const) {
    const answer = await ask('POST', path, body);
    const told = `${path} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`;
    assert.is(answer.status, status, told);
    const [error] = answer.body.errors ?? [];
    assert.is(error?.field, field, told);
    assert.match(error!.expected, expected, told);
    if (found instanceof RegExp) assert.match(error!.found!, found, told);
    else assert.is(error!.found, found, told);
  }
  assert.is((await ask('GET', `/${account}`)).status, 404);
  assert.equal(await eventsOf(account), []);
  assert.is((await eventsOf(known)).length, 1);
});

test('a start takes what a session takes', async () => {
  const answer = await api.get('/api/v1/openapi.json');
  const { components } = (await answer.json()) as {
    components: { schemas: { SessionRequest: { properties: object } } };
  };
  assert.equal(
    Object.keys(components.schemas.SessionRequest.properties).sort(),
    Object.keys(sessionRequest.shape).sort(),
  );
});

test('a halt needs no body; one that would not be read is refused', async () => {
  const account = newAccount();
  await ask('POST', `/${account}/start`, START);
  const authorization = `Bearer ${api.key}`;
  const bare = await request('POST', `/${account}/halt`, { authorization });
  const empty = await request('POST', `/${account}/halt`, { authorization, 'content-type': 'application/json' }, '');
  assert.equal([bare.status, empty.status], [202, 202]);
  const text = '{"flatten":true}';
  for (const type of ['application/x-www-form-urlencoded', 'Application/JSON', 'application/json;'] as const) {
    const answer = await request('POST', `/${account}/halt`, { authorization, 'content-type': type }, text);
    assert.is(answer.status, 400, type);
    const { errors } = (await answer.json()) as Body;
    assert.equal(errors, [{ field: 'content-type', expected: 'application/json', found: type }]);
  }
  const type = 'application/json; charset=utf-8';
  assert.is((await request('POST', `/${account}/halt`, { authorization, 'content-type': type }, text)).status, 202);
  const halts = (await eventsOf(account)).filter((event) => event.type === 'halt');
  assert.equal(
    halts.map(({ flattens, reason }) => [flattens, reason]),
    [
      [false, ''],
      [false, ''],
      [true, ''],
    ],
  );
});

test('who is logged in with a browser is the dashboard', async () => {
  const account = newAccount();
  await ask('POST', `/${account}/start`, START);
  const headers = { authorization: `Bearer ${api.key}` };
  const made = await api.app.request(`${api.origin}/api/v1/login-links`, { method: 'POST', headers });
  const login = await api.app.request(((await made.json()) as { url: string }).url);
  const cookie = login.headers.getSetCookie()[0]!.split(';')[0]!;
  assert.is((await request('POST', `/${account}/halt`, { cookie })).status, 202);
  const [, halt] = await eventsOf(account);
  assert.ok(halt?.type === 'halt' && halt.by === 'dashboard');
});

test('other traffic of the key keeps no halt out', async () => {
  const busy = await startTestApi({ limits: { rate: { perSecond: 0.001, burst: 3 } } });
  const ask = (method: string, path: string) =>
    busy.app.request(`${busy.origin}/api/v1/trading${path}`, {
      method,
      headers: { authorization: `Bearer ${busy.key}`, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: JSON.stringify(path === '/mm/start' ? START : {}) } : {}),
    });
  try {
    assert.is((await ask('POST', '/mm/start')).status, 202);
    for (let n = 0; n < 2; n++) assert.is((await ask('GET', '')).status, 200);
    assert.is((await ask('GET', '')).status, 429);
    assert.is((await ask('POST', '/mm/stop')).status, 429);
    assert.is((await ask('POST', '/mm/halt')).status, 202);
    const events = (await ledgerOf(busy.redis, 'mm')).map(({ event }) => event.type);
    assert.equal(events, ['start', 'halt']);
  } finally {
    await busy.end();
  }
});

test('metrics count accounts by state and orders, and tell nothing of money', async () => {
  const account = newAccount();
  await ask('POST', `/${account}/start`, START);
  const told: AccountStatus = { account, ...TOLD, timeMs: Date.now(), state: 'running', reason: null };
  await api.redis.set(accountStatusKey(account), JSON.stringify(told));
  const text = await (await api.app.request(`${api.origin}/metrics`)).text();
  const labels = `account="${account}",mode="paper"`;
  for (const line of [
    'don_trading_accounts{state="running"} 1',
    `don_trading_orders_sent_total{${labels}} 12`,
    `don_trading_orders_filled_total{${labels}} 3`,
    `don_trading_orders_cancelled_total{${labels}} 8`,
    `don_trading_orders_rejected_total{${labels},code="-5022"} 2`,
    `don_trading_orders_stopped_total{${labels},limit="maxPosition"} 4`,
    'don_service_up{service="trader"} 0',
  ])
    assert.ok(text.includes(`${line}\n`), `${line} in ${text}`);
  assert.not.match(text, /10123\.25|97000\.1/);
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
