import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { createLedgerState, evolveLedger } from '../../../operators/ledger/ledger.ts';
import type { TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { lastPrice } from '../../../services/trader/last-price.ts';
import { verifySession } from '../../../services/trader/verify-session.ts';
import type { Entry } from '../../../streams/entry.ts';
import { LIVE, rawKey } from '../../../streams/keys.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { madeEntries } from './made-session.ts';
import { writeLog } from './trading-log.ts';
import { BEFORE, ownEvents, type Trading, tradingOn } from './trading-rig.ts';

const test = suite('services/trader/carry-on');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const folder = mkdtempSync(join(tmpdir(), 'don-strategies-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const ENTRIES = madeEntries(4_500);
const withTrading = tradingOn(redis, redisUrl, ENTRIES);

/** Buys once and holds. */
function holderFile(name: string): string {
  const path = join(folder, `${name}.ts`);
  writeFileSync(
    path,
    `import { defineStrategy } from 'don/strategy';
const strategy = defineStrategy({ name: '${name}', title: '', says: '', parameters: {}, events: ['timer'], everyMs: () => 500,
  create: () => ({ onEvent(_: unknown, market: any) {
    if (market.isBookValid && market.positionSteps === 0 && market.orders.length === 0) market.placeMarket('buy', 50);
  } }) });
export { strategy as default };\n`,
  );
  return path;
}

const sessionsOf = async ({ account }: Trading) =>
  (await ownEvents(redis, account)).flatMap(({ event }) => (event.type === 'sessionOpened' ? [event] : []));

/** What was worth how much at that price: wallet, and the position. */
function worthAt(events: readonly TraderEvent[], price: number): number {
  const state = createLedgerState();
  for (const event of events) if (event.type !== 'sessionClosed') evolveLedger(state, event);
  const { walletE8, books } = state.account!.state;
  const { steps, costE8 } = books[0]!.both;
  assert.ok(steps > 0, 'it holds');
  return (walletE8 - costE8) / 1e8 + steps * 0.001 * price;
}

function lastMarkPrice(entries: readonly Entry[]): number {
  const prices = entries.flatMap(({ events }) =>
    events.flatMap(({ channel, payload }) =>
      channel === 'markPrice' ? [Number((JSON.parse(payload.toString()) as { p: string }).p)] : [],
    ),
  );
  return prices.filter((price) => price > 0).at(-1)!;
}

test('a session that another carries on is valued at the last mark price, not at that of its last fill', async () => {
  const strategy = holderFile('holder');
  await withTrading(
    async (trading) => {
      const { account, grow, restart, status } = trading;
      await grow(BEFORE, 240);
      await until('it holds', () => (status().session?.position ?? 0) > 0);
      await restart(async () => {
        await grow(240, 600);
        appendFileSync(strategy, '// changed\n');
      });
      await until('another carries on', async () => (await sessionsOf(trading)).length === 2);
      const events = (await ownEvents(redis, account)).map(({ event }) => event);
      const at = events.findIndex(({ type }) => type === 'sessionClosed');
      const closed = events[at]!;
      assert.ok(closed.type === 'sessionClosed');
      assert.is(closed.reason, 'the strategy’s file has changed');
      const worth = worthAt(events.slice(0, at), lastMarkPrice(ENTRIES.slice(0, 600)));
      assert.ok(Math.abs(closed.equity - worth) < 1e-6, `${closed.equity} is not ${worth}`);
      const [, next] = await sessionsOf(trading);
      assert.ok(Math.abs(next!.settings.balance - worth) < 1e-6, 'with which the next one begins');
    },
    { strategy, parameters: {} },
  );
});

test('where the venue tells no mark price, the midprice is the last price', async () => {
  const instrument = testInstrument();
  assert.is(await lastPrice(redis, instrument), undefined, 'of an empty log there is none');
  const known = ENTRIES.slice(0, 160);
  const untold = known.flatMap((entry) => {
    const events = entry.events.filter(({ channel }) => channel !== 'markPrice');
    return events.length === 0 ? [] : [{ ...entry, events }];
  });
  await writeLog(redis, instrument, untold);
  const [mid, mark] = [await lastPrice(redis, instrument), lastMarkPrice(known)];
  assert.ok(mid !== undefined && mid !== mark && Math.abs(mid / mark - 1) < 0.001, `${mid} beside ${mark}`);
});

/** The log is another from there on, and holds no snapshot yet. */
async function loseLog({ instrument }: Trading): Promise<void> {
  const first = ENTRIES[301]!;
  const description = ENTRIES[0]!.events.filter(({ channel }) => channel === 'instrument');
  await redis.del(rawKey(instrument, LIVE));
  await writeLog(redis, instrument, [{ ...first, events: description }, ...ENTRIES.slice(302, 311)]);
}

test('without a snapshot to carry on with it waits for one, and says so', () =>
  withTrading(async (trading) => {
    const { account, grow, restart, status } = trading;
    await grow(BEFORE, 240);
    await restart(() => loseLog(trading));
    await until('it waits', () =>
      /no longer holds .*; to carry on, no snapshot of the book of .* is recorded yet/.test(status().reason ?? ''),
    );
    assert.is(status().state, 'waiting');
    const found = (await verifySession(redis, account))!;
    assert.is(found.difference, null, 'it is not said to have diverged');
    assert.match(found.obstacle!, /the log no longer holds where the session began/);
    await grow(311, 420);
    await until('it trades on', () => status().state === 'running');
    assert.is((await sessionsOf(trading)).length, 2);
  }));

test('while it waits to carry on it can be stopped, and another be started', () =>
  withTrading(async (trading) => {
    const { tell, start, grow, restart, status } = trading;
    await grow(BEFORE, 240);
    await restart(() => loseLog(trading));
    await until('it waits', () => /no snapshot of the book/.test(status().reason ?? ''));
    await tell({ type: 'stop' });
    await until('it has stopped', () => status().state === 'stopped');
    await start();
    await grow(311, 420);
    await until('the other runs', () => status().state === 'running');
    const [, other, ...more] = await sessionsOf(trading);
    assert.ok(other!.commandId !== null && more.length === 0);
    assert.is(other!.settings.balance, 10_000);
  }));

test('closes', () => redis.disconnect());

test.run();
