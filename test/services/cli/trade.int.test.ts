// time limit: 480 s
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import type { BacktestReport } from '../../../services/backtest/report/backtest-report.ts';
import type { AccountStatus } from '../../../services/trader/account-status.ts';
import { tellTrader } from '../../../services/trader/tell-trader.ts';
import { tradeAccount } from '../../../services/trader/trade-account.ts';
import { accountStatusKey, LIVE, rawKey, statusKey } from '../../../streams/keys.ts';
import { lastingStatus } from '../../support/lasting-status.ts';
import { runDon } from '../../support/run-don.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { madeEntries, madeSettings } from '../trader/made-session.ts';
import { growLog, ledgerOf, writeLog } from '../trader/trading-log.ts';

const test = suite('services/cli/trade');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-trade-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const ENTRIES = madeEntries(3_000);
let count = 0;
const newAccount = (): string => `cli-${process.pid}-${count++}`;

const DON = { home: join(folder, 'home'), cwd: folder, env: { DON_REDIS_URL: redisUrl } };
const don = (...args: string[]) => runDon(args, DON);
const trade = (...args: string[]) => don('trade', ...args);

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
    [[], /expected start, status, halt, resume, stop, verify, report, drift, found nothing/],
    [['hatl'], /found hatl; did you mean halt\?/],
    [['start'], /expected one STRATEGY, or --model, found none/],
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
    [['report'], /--account: expected one that has traded, found cli-/],
    [['status'], /--account: expected one that has traded.*, found cli-/],
  ] as const) {
    const { status, stderr } = await trade(...args, '--account', account);
    assert.is(status, 2, args.join(' '));
    assert.match(stderr, pattern);
  }
  assert.equal(await ledgerOf(redis, account), []);
});

test('its help fits a terminal', async () => {
  const { stdout } = await trade('--help');
  for (const line of stdout.split('\n')) assert.ok(line.length <= 120, line);
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

test('the start of a new account waits for the trader that takes it up, and is not said to lack one', async () => {
  const [account, instrument] = [newAccount(), testInstrument()];
  await writeLog(redis, instrument, ENTRIES.slice(0, 120));
  await lastingStatus(redis, 'trader');
  try {
    const starting = trade('start', 'market-maker', '--instrument', instrument, '--account', account);
    await until('it is told', async () => (await ledgerOf(redis, account)).length > 0);
    // As a trader that sees new accounts now and then.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await withTrader(account, async () => {
      const { stdout, stderr } = await starting;
      const said = `${stdout}${stderr}`;
      // It may not have read its log yet, nor, on a machine that is busy for long, have said so.
      assert.match(stdout, /^● cli-\S+ {2}(running|waiting)|^cli-\S+ is told to start; it is (running|waiting)/, said);
      assert.not.match(said, /once a trader runs/);
    });
  } finally {
    await redis.del(statusKey('trader'));
  }
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
    // How it stands is then the same each time that it is asked.
    await until('it has read all, and traded', async () => {
      const { session } = await statusOf();
      return session?.lastEntryId === ENTRIES[359]!.entryId && session.counts.filled > 0;
    });
    const { stdout } = await trade('status', '--account', account);
    assert.match(stdout, /running\n {2}PAPER {2}market-maker on simulated:/);
    assert.match(
      stdout,
      /OPEN ORDERS +SIDE +PRICE \S+ +LEFT \S+ +STATE\n +\d+ +(buy|sell) +[\d,]+\.?\d* +0\.\d+ +(sent|open|cancelling)/,
    );
    assert.match(stdout, /LAST FILLS +SIDE +PRICE \S+ +QTY \S+ +OUTCOME +FEE \S+/);
    const halted = await trade('halt', '--account', account);
    assert.match(halted.stdout, /halted/, halted.stdout + halted.stderr);
    assert.is((await trade('resume', '--account', account)).status, 0);
    const found = JSON.parse((await trade('verify', '--account', account, '--json')).stdout);
    assert.is(found.difference, null);
    assert.ok(found.events > 10);
    const stopped = await trade('stop', '--account', account);
    assert.is(stopped.status, 0);
    assert.match(
      stopped.stdout,
      /stopped(: .*)?\n {2}Equity +[19][\d,]+\.\d\d \S+ when its last session ended\n$/,
      stopped.stdout,
    );
    const { state, ended } = await statusOf();
    const closed = (await ledgerOf(redis, account)).at(-1)!.event;
    assert.ok(closed.type === 'sessionClosed');
    assert.equal([state, ended], ['stopped', { instrument, equity: closed.equity }]);
    await checkReport(account);
    await checkExport(account);
  });
});

/** It is the report of what the ledger has. */
async function checkReport(account: string): Promise<void> {
  const page = join(folder, 'session.html');
  const { status, stdout, stderr } = await trade('report', '--account', account, '--html', page, '--json');
  assert.is(status, 0, stderr);
  const report = JSON.parse(stdout) as BacktestReport;
  const events = (await ledgerOf(redis, account)).map(({ event }) => event);
  const fills = events.filter((event) => event.type === 'account' && event.event.type === 'fill');
  const counted = report.outcomes.reduce((sum, outcome) => sum + outcome.fills, 0);
  assert.ok(fills.length > 0 && counted === fills.length, `${counted} of ${fills.length} fills`);
  const closed = events.at(-1)!;
  assert.ok(closed.type === 'sessionClosed' && report.settings.toEntryId === closed.toEntryId);
  assert.is(report.equity.final, closed.equity);
  assert.match(report.warnings[0]!.text, /told while it ran: halt, resume/);
  assert.match(readFileSync(page, 'utf8'), /^<!doctype html>[\s\S]*market-maker/i);
  assert.match((await trade('report', '--account', account)).stdout, /market-maker .* on simulated:[\s\S]*RESULT/);
}

/** Every event, as it is stored. */
async function checkExport(account: string): Promise<void> {
  const stored = await ledgerOf(redis, account);
  const { stdout } = await don('export', 'ledger', '--account', account, '--format', 'jsonl');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(
    lines.map(({ n, event }) => [n, JSON.stringify(event)]),
    stored.map(({ n, text }) => [n ?? null, text]),
  );
  const file = join(folder, 'ledger.csv');
  const { status, stderr } = await don('export', 'ledger', '--account', account, '--out', file);
  assert.is(status, 0, stderr);
  const [head, first, ...rows] = readFileSync(file, 'utf8').trimEnd().split('\n');
  assert.is(head, 'entry_id,n,time,type,event');
  assert.match(first!, /^\d+-0,,\d{16},start,"\{""type"":""start""/);
  assert.is(rows.length + 1, stored.length);
}

test('what cannot be verified is said, and is no failure of the check', async () => {
  const [account, instrument] = [newAccount(), testInstrument()];
  await writeLog(redis, instrument, ENTRIES.slice(0, 120));
  const settings = madeSettings(instrument);
  const said = { by: 'test', timeMs: 0 };
  await withTrader(account, async () => {
    const wrong = { type: 'start', ...said, settings: { ...settings, strategy: 'none-such' } } as const;
    await tellTrader(redis, account, wrong);
    await until('it is refused', async () => (await ledgerOf(redis, account)).length === 2);
    const refused = await trade('verify', '--account', account);
    assert.is(refused.status, 2, refused.stderr);
    assert.match(
      refused.stdout,
      /^The last start was refused: .*found none-such[\s\S]*There is no session to run again/,
    );
    const started = await trade('start', 'market-maker', '--instrument', instrument, '--account', account);
    assert.is(started.status, 0, 'how the start before it ended says nothing of this one');
    await until('it runs', async () => (await ledgerOf(redis, account)).length > 4);
  });
  assert.is((await trade('verify', '--account', account)).status, 0);
  await redis.xtrim(rawKey(instrument, LIVE), 'MAXLEN', 3);
  const trimmed = await trade('verify', '--account', account);
  assert.is(trimmed.status, 2);
  assert.match(
    trimmed.stdout,
    /^Session [0-9a-f]{12} cannot be run again: the log no longer holds where the session began/,
  );
  const report = await trade('report', '--account', account);
  assert.is(report.status, 2);
  assert.match(report.stderr, /cannot be run again: the log no longer holds where the session began/);
});

test('a stop clears a start that was refused, and ends well', async () => {
  const account = newAccount();
  const settings = { ...madeSettings(testInstrument()), strategy: 'none-such' };
  await tellTrader(redis, account, { type: 'start', by: 'test', timeMs: 0, settings });
  await withTrader(account, async () => {
    await until('it is refused', async () => (await ledgerOf(redis, account)).length === 2);
    const { status, stdout, stderr } = await trade('stop', '--account', account);
    assert.equal([status, stdout.trim()], [0, `● ${account}  stopped`], stderr);
  });
});

test('an account whose start waits still has no session, which is said', async () => {
  const account = newAccount();
  await tellTrader(redis, account, { type: 'start', by: 'test', timeMs: 0, settings: madeSettings(testInstrument()) });
  const { status, stdout, stderr } = await don('verify', '--decisions', '--account', account);
  assert.equal([status, stdout.trim()], [0, `${account}  There is no session to run again.`], stderr);
});

test('a strategy’s file is told by its whole path', async () => {
  const account = newAccount();
  const definition = `{ name: 'idle', parameters: {}, events: [], create: () => ({ onEvent() {} }) }`;
  writeFileSync(join(folder, 'idle.ts'), `const idle = ${definition};\nexport { idle as default };\n`);
  const started = await trade('start', './idle.ts', '--instrument', testInstrument(), '--account', account);
  assert.is(started.status, 0, started.stderr);
  const [first] = await ledgerOf(redis, account);
  assert.ok(first!.event.type === 'start');
  assert.is(first!.event.settings.strategy, realpathSync(join(folder, 'idle.ts')));
});

test('closes', () => redis.disconnect());

test.run();
