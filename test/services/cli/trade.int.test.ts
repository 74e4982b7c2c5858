// time limit: 120 s
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../infra/home.ts';
import { connectRedis } from '../../../infra/redis.ts';
import type { AccountStatus } from '../../../services/trader/account-status.ts';
import { tradeAccount } from '../../../services/trader/trade-account.ts';
import { accountStatusKey } from '../../../streams/keys.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { madeEntries } from '../trader/made-session.ts';
import { growLog, ledgerOf, until, writeLog } from '../trader/trading-log.ts';

const test = suite('services/cli/trade');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-trade-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const ENTRIES = madeEntries(3_000);
let count = 0;
const newAccount = (): string => `cli-${process.pid}-${count++}`;

/** Runs `don trade` as a user would, with the servers for tests. */
function trade(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const env = { ...process.env, DON_REDIS_URL: redisUrl, DON_HOME: join(folder, 'home'), NO_COLOR: '1' };
  const main = join(REPOSITORY, 'services/cli/main.ts');
  const child = spawn(process.execPath, [main, 'trade', ...args], { env, cwd: folder });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (text: Buffer) => {
      said[stream] += text.toString();
    });
  return new Promise((done) => child.on('close', (status) => done({ status, ...said })));
}

/** A trader for the account who tells how it stands, as the service does. */
async function withTrader(account: string, work: () => Promise<void>): Promise<void> {
  const tailRedis = await connectRedis(redisUrl);
  const trader = tradeAccount({ redis, tailRedis, account, log: () => {} });
  const telling = setInterval(() => {
    redis.set(accountStatusKey(account), JSON.stringify(trader.status())).catch(() => {});
  }, 100);
  try {
    await work();
  } finally {
    clearInterval(telling);
    await trader.stop();
    tailRedis.disconnect();
    await redis.del(accountStatusKey(account));
  }
}

test('what cannot be is refused by name, and nothing is written', async () => {
  const account = newAccount();
  for (const [args, pattern] of [
    [[], /expected start, status, halt, resume, stop, verify, found nothing/],
    [['hatl'], /found hatl; did you mean halt\?/],
    [['start'], /expected one STRATEGY, found none/],
    [['halt', 'now'], /expected flags only, found now/],
    [['start', 'market-makr', '--instrument', 'simulated:X'], /did you mean market-maker\?/],
    [['start', 'market-maker'], /instrument: expected an instrument such as simulated:BTCUSDT, found nothing/],
    [
      ['start', 'market-maker', '--instrument', 'simulated:X', '--mode', 'demo'],
      /mode: expected paper or live, found "demo"/,
    ],
    [['start', 'market-maker', '--instrument', 'simulated:X', '--set', 'qty'], /--set: expected NAME=VALUE/],
    [['start', 'market-maker', '--instrument', 'simulated:X', '--risk', 'maxPos=1'], /did you mean maxPosition\?/],
    [['halt'], /--account: expected one that has traded, found cli-/],
    [['verify'], /--account: expected one that has traded, found cli-/],
  ] as const) {
    const { status, stderr } = await trade(...args, '--account', account);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, pattern);
  }
  assert.equal(await ledgerOf(redis, account), []);
});

test('told while no trader is there, it holds, and is said so', async () => {
  const [account, instrument] = [newAccount(), testInstrument()];
  const started = await trade('start', 'market-maker', '--instrument', instrument, '--account', account);
  assert.is(started.status, 0, started.stderr);
  assert.match(started.stdout, /is told to start: it holds, and will be obeyed once a trader runs/);
  const halted = await trade('halt', '--account', account, '--flatten', '--reason', 'enough', '--json');
  assert.is(JSON.parse(halted.stdout).obeyed, false);
  const events = (await ledgerOf(redis, account)).map(({ event }) => event);
  assert.equal(
    events.map(({ type }) => type),
    ['start', 'halt'],
  );
  assert.ok(
    events[1]?.type === 'halt' && events[1].flattens && events[1].reason === 'enough' && events[1].by === 'cli',
  );
  const { stdout } = await trade('status', '--account', account);
  assert.match(stdout, /stopped: no trader is there; halted/);
});

test('starts, tells how it stands, halts, verifies and stops', async () => {
  const [account, instrument] = [newAccount(), testInstrument()];
  await writeLog(redis, instrument, ENTRIES.slice(0, 120));
  const flags = ['--set', 'halfSpreadBps=0', '--set', 'everyMs=100', '--risk', 'maxBookAgeMs=60000'];
  await trade('start', 'market-maker', '--instrument', instrument, '--account', account, ...flags);
  await withTrader(account, async () => {
    const statusOf = async () => {
      const { stdout } = await trade('status', '--account', account, '--json');
      return (JSON.parse(stdout) as { items: AccountStatus[] }).items[0]!;
    };
    await until('it runs', async () => (await statusOf()).state === 'running');
    await growLog(redis, instrument, ENTRIES.slice(120, 360), 500);
    await until('it has traded', async () => ((await statusOf()).session?.counts.filled ?? 0) > 0);
    const { stdout } = await trade('status', '--account', account);
    assert.match(stdout, /running\n {2}PAPER {2}market-maker on simulated:/);
    assert.match(stdout, /LAST FILLS +SIDE +PRICE +QTY +OUTCOME +FEE/);
    const halted = await trade('halt', '--account', account);
    assert.match(halted.stdout, /halted/);
    assert.is((await trade('resume', '--account', account)).status, 0);
    const found = JSON.parse((await trade('verify', '--account', account, '--json')).stdout);
    assert.is(found.difference, null);
    assert.ok(found.events > 10);
    assert.is((await trade('stop', '--account', account)).status, 0);
    assert.is((await statusOf()).state, 'stopped');
  });
});

test('closes', () => redis.disconnect());

test.run();
