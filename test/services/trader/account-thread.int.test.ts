import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import type { LedgerCommand } from '../../../operators/ledger/ledger-event.ts';
import { startAccountThread } from '../../../services/trader/account-thread.ts';
import { tellTrader } from '../../../services/trader/tell-trader.ts';
import { verifySession } from '../../../services/trader/verify-session.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { madeEntries, madeSettings } from './made-session.ts';
import { growLog, ledgerOf, writeLog } from './trading-log.ts';

const test = suite('services/trader/account-thread');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-strategies-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const ENTRIES = madeEntries(2_000);
const BEFORE = 120;
/** Short, for what is never heard of again. */
const SILENT_MS = 2_000;

/** A strategy's file, with what it does at a timer. */
function strategyFile(name: string, onTimer: string): string {
  const path = join(folder, `${name}.ts`);
  writeFileSync(
    path,
    `import { defineStrategy } from 'don/strategy';
const strategy = defineStrategy({ name: '${name}', title: '', says: '', parameters: {}, events: ['timer'], everyMs: () => 500,
  create: () => { let count = 0; return { onEvent: (_: unknown, market: any) => { count++; ${onTimer} } }; } });
export { strategy as default };\n`,
  );
  return path;
}

async function withThread(
  strategy: string | undefined,
  work: (of: { account: string; instrument: string; status: () => ReturnType<typeof thread.status> }) => Promise<void>,
  silentMs?: number,
): Promise<void> {
  const [instrument, account] = [testInstrument(), `thread-${process.pid}-${Math.random().toString(36).slice(2, 8)}`];
  await writeLog(redis, instrument, ENTRIES.slice(0, BEFORE));
  const settings = madeSettings(instrument, strategy === undefined ? {} : { strategy, parameters: {} });
  await tellTrader(redis, account, { type: 'start', by: 'test', timeMs: 0, settings } as LedgerCommand);
  thread = startAccountThread({
    redis,
    redisUrl,
    account,
    log: () => {},
    ...(silentMs === undefined ? {} : { silentMs }),
  });
  try {
    await work({ account, instrument, status: () => thread.status() });
  } finally {
    await thread.stop();
  }
}
let thread: ReturnType<typeof startAccountThread>;

test('trades in a thread, and tells how it stands', () =>
  withThread(undefined, async ({ instrument, status, account }) => {
    await until('it runs', () => status().state === 'running');
    await growLog(redis, instrument, ENTRIES.slice(BEFORE), 500);
    await until('it has traded', () => (status().session?.counts.filled ?? 0) > 0);
    await until('the ledger has it', async () => (await ledgerOf(redis, account)).length > 10);
  }));

const endless = strategyFile('endless', 'while (market.timeUs > 0);');

test('a strategy that never returns is ended, said by name, and not run again', () =>
  withThread(
    endless,
    async ({ account, instrument, status }) => {
      await growLog(redis, instrument, ENTRIES.slice(BEFORE), 200);
      await until('it is closed', async () => (await ledgerOf(redis, account)).at(-1)!.event.type === 'sessionClosed');
      const last = (await ledgerOf(redis, account)).at(-1)!.event;
      assert.ok(last.type === 'sessionClosed');
      assert.match(last.reason, /^strategy .*endless\.ts did not answer for 2 s$/);
      assert.is(last.equity, 10_000);
      await until('another thread is there', () => status().state === 'stopped');
      assert.match(status().reason!, /did not answer/);
      const settings = madeSettings(instrument);
      await tellTrader(redis, account, { type: 'start', by: 'test', timeMs: 0, settings } as LedgerCommand);
      await until('the account trades again', () => status().state === 'running');
    },
    SILENT_MS,
  ));

test('a strategy that throws ends its session, with the time of the run', () =>
  withThread(
    strategyFile(
      'thrower',
      'if (market.positionSteps !== 0) throw new Error("no more"); market.placeMarket("buy", 10);',
    ),
    async ({ instrument, status, account }) => {
      await until('it runs', () => status().state === 'running');
      await growLog(redis, instrument, ENTRIES.slice(BEFORE), 200);
      await until('it has failed', () => status().state === 'failed');
      assert.match(status().reason!, /^strategy thrower failed at 2024-.*Z of the run: no more$/);
      const { difference, obstacle } = (await verifySession(redis, account))!;
      assert.equal([difference, obstacle], [null, null], 'run again it fails behind the same events');
    },
  ));

test('a strategy that sends a thousand orders a second is stopped at the rate, and trades on', () =>
  withThread(
    strategyFile('flood', 'for (let n = 0; n < 500; n++) market.placeLimit("buy", market.bidTicks - 50, 1);'),
    async ({ instrument, status, account }) => {
      await until('it runs', () => status().state === 'running');
      await growLog(redis, instrument, ENTRIES.slice(BEFORE), 300);
      await until('it is stopped', () => (status().session?.counts.stopped['order-rate'] ?? 0) > 500);
      const sent = await until('the ledger has those that were sent', async () => {
        const events = (await ledgerOf(redis, account)).map(({ event }) => event);
        const timesUs = events.flatMap((event) => (event.type === 'orderIntended' ? [event.timeUs] : []));
        return timesUs.length >= 300 && timesUs;
      });
      for (const [n, timeUs] of sent.entries())
        if (n >= 300) assert.ok(timeUs - sent[n - 300]! >= 10_000_000, 'at most 300 in ten seconds');
    },
  ));

test('closes', () => redis.disconnect());

test.run();
