// time limit: 600 s

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import type { LedgerCommand, SessionOpened, TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';
import { openPaperSession } from '../../../services/trader/paper-session.ts';
import { tellTrader } from '../../../services/trader/tell-trader.ts';
import { verifySession } from '../../../services/trader/verify-session.ts';
import { seededRandom } from '../../operators/market-events.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { ordersIn } from './ledger-orders.ts';
import { madeEntries, madeSettings } from './made-session.ts';
import { growLog, ledgerOf, writeLog } from './trading-log.ts';

const test = suite('services/trader/killed');

/** DON_KILLS=200 for the whole of it. */
const KILLS = Number(process.env['DON_KILLS'] ?? 12);
const BEFORE = 120;
const MS_A_KILL = 700;
/** The last trader runs again all that the others did, and on to the end; each look runs it, too. */
const WITHIN_MS = 180_000;

test('killed at any moments, it loses nothing, does nothing twice, and ends as if it had never been killed', async () => {
  const { redisUrl } = await testServers('redis');
  const redis = await connectRedis(redisUrl);
  const [instrument, account] = [testInstrument(), `killed-${process.pid}`];
  const entries = madeEntries(KILLS * 150 + 3_000);
  const seed = Date.now() % 1_000_000;
  console.log(`seed ${seed}, ${KILLS} kills`);
  const random = seededRandom(seed);
  let errors = '';

  /** Some are killed before they are ready, on a slow machine not all. */
  async function anyMoment(child: ChildProcess): Promise<void> {
    if (random() < 0.8) await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    await sleep(random() * 2 * MS_A_KILL);
  }

  function begin(): ChildProcess {
    const file = fileURLToPath(new URL('trade-one.ts', import.meta.url));
    const child = spawn(process.execPath, [file, redisUrl, account], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr!.on('data', (bytes: Buffer) => {
      if (/"(warn|error)"/.test(bytes.toString())) errors += bytes.toString();
    });
    return child;
  }

  const tell = (command: object) => tellTrader(redis, account, { by: 'test', timeMs: 0, ...command } as LedgerCommand);
  let child = begin();
  try {
    await writeLog(redis, instrument, entries.slice(0, BEFORE));
    await tell({ type: 'start', settings: madeSettings(instrument) });
    const part = Math.ceil((entries.length - BEFORE) / KILLS);
    for (let kill = 0; kill < KILLS; kill++) {
      const at = BEFORE + kill * part;
      const growing = growLog(redis, instrument, entries.slice(at, at + part), MS_A_KILL);
      await anyMoment(child);
      if (kill === Math.floor(KILLS / 3)) await tell({ type: 'halt', flattens: true, reason: 'a while' });
      if (kill === Math.floor(KILLS / 2)) await tell({ type: 'resume' });
      child.kill('SIGKILL');
      await Promise.all([once(child, 'exit'), growing]);
      child = begin();
    }
    const last = entries.at(-1)!.entryId;
    const whole = async () => {
      const own = (await ledgerOf(redis, account)).filter(({ n }) => n !== undefined);
      const events = own.map(({ event }) => event as TraderEvent);
      return { own, events, unbroken: events.length === 0 ? [] : await unbrokenOf(events, entries, last) };
    };
    let told = 0;
    await until(
      'all is read',
      async () => {
        const [before, { length }] = [told, await ledgerOf(redis, account)];
        told = length;
        if (length !== before) return false;
        const { events, unbroken } = await whole();
        return events.length > 0 && events.length - 1 >= unbroken.length;
      },
      WITHIN_MS,
    );
    const { own, events, unbroken } = await whole();
    assert.equal(
      own.map(({ n }) => n),
      own.map((_, n) => n),
      'numbered without a gap',
    );
    assert.equal(
      own.slice(1).map(({ text }) => text),
      unbroken.map((event) => JSON.stringify(event)),
    );
    const names = events.flatMap((event) => (event.type === 'orderIntended' ? [event.clientOrderId] : []));
    assert.is(new Set(names).size, names.length, 'each order once');
    assert.ok(names.length > KILLS, `${names.length} orders`);
    assert.is(events.filter(({ type }) => type === 'commandTaken').length, 2);
    const { fills } = ordersIn(events);
    assert.ok(fills > 10, `${fills} fills`);
    assert.is((await verifySession(redis, account))!.difference, null);
    assert.is(errors, '');
  } finally {
    child.kill('SIGKILL');
    redis.disconnect();
  }
});

/** What one trader says that is never killed, with the same commands at the same places. */
async function unbrokenOf(
  events: readonly TraderEvent[],
  entries: ReturnType<typeof madeEntries>,
  last: string,
): Promise<TraderEvent[]> {
  const opened = events[0] as SessionOpened;
  const paper = openPaperSession(opened, await loadStrategy(opened.settings.strategy));
  const told = events.filter((event) => event.type === 'commandTaken');
  const said: TraderEvent[] = paper.take();
  for (const entry of entries.slice(entries.findIndex(({ entryId }) => entryId === opened.fromEntryId))) {
    paper.push([entry]);
    said.push(...paper.take());
    for (const { commandId, command, flattens, afterEntryId } of told)
      if (afterEntryId === entry.entryId) paper.obey({ commandId, command, flattens });
    said.push(...paper.take());
    if (entry.entryId === last) break;
  }
  return said;
}

test.run();
