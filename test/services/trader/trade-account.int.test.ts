import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import type { LedgerCommand, SessionOpened } from '../../../operators/ledger/ledger-event.ts';
import { logNormalLatency } from '../../../operators/matching/latency.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { riskLimits } from '../../../operators/risk/risk-limits.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';
import { runBacktest } from '../../../services/backtest/run-backtest.ts';
import { sessionResult } from '../../../services/trader/session-result.ts';
import { tradeAccount } from '../../../services/trader/trade-account.ts';
import { verifySession } from '../../../services/trader/verify-session.ts';
import { LIVE, ledgerKey } from '../../../streams/keys.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { madeEntries, madeSettings } from './made-session.ts';
import { BEFORE, ownEvents, tradingOn } from './trading-rig.ts';

const test = suite('services/trader/trade-account');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const ENTRIES = madeEntries(4_500);
const withTrading = tradingOn(redis, redisUrl, ENTRIES);
/** Longer than a busy machine needs to write the market by which the orders of a stopped session end. */
const PATIENT = { closeWaitMs: 30_000 };
const ownOf = (account: string) => ownEvents(redis, account);
const sentIn = (events: readonly { event: { type: string } }[]) =>
  events.filter(({ event }) => event.type === 'orderIntended').length;

test('trades on a log as it grows, goes on after a restart as if there had been none, and is the same run again', () =>
  withTrading(async ({ account, grow, restart, isThrough, status }) => {
    await grow(BEFORE, 300);
    await until('it has traded', () => (status().session?.counts.filled ?? 0) > 0);
    await restart();
    await grow(300, ENTRIES.length);
    await until('all is read', () => isThrough(ENTRIES));
    const own = await ownOf(account);
    assert.equal(
      own.map(({ n }) => n),
      own.map((_, n) => n),
      'numbered without a gap',
    );
    const names = own.flatMap(({ event }) => (event.type === 'orderIntended' ? [event.clientOrderId] : []));
    assert.ok(names.length > 50 && new Set(names).size === names.length, `${names.length} orders, each once`);
    const found = (await verifySession(redis, account))!;
    assert.is(found.difference, null);
    assert.is(found.events, own.length - 1, 'all but its opening');
  }));

test('a backtest of the span is what was traded, to the last bit', () =>
  withTrading(async ({ account, instrument, grow, isThrough }) => {
    await grow(BEFORE, ENTRIES.length);
    await until('all is read', () => isThrough(ENTRIES));
    const own = await ownOf(account);
    const opened = own[0]!.event as SessionOpened;
    const { settings } = opened;
    const traded = own.flatMap(({ event }) =>
      event.type === 'account' && event.event.type === 'fill' ? [event.event] : [],
    );
    const folder = mkdtempSync(join(tmpdir(), 'don-tapes-'));
    const { fills } = await runBacktest({
      redis,
      instrument,
      recording: LIVE,
      from: opened.fromEntryId,
      strategy: await loadStrategy(settings.strategy),
      parameters: settings.parameters,
      queue: QUEUE_MODELS[settings.queue]!,
      latency: logNormalLatency(2, 2, 0.5),
      seed: settings.seed,
      balance: settings.balance,
      leverage: settings.leverage,
      feeTier: settings.feeTier,
      limits: riskLimits(settings.limits),
      tradesFromUs: opened.tradesFromUs,
      skewUs: opened.skewUs,
      folder,
    }).finally(() => rmSync(folder, { recursive: true }));
    assert.ok(traded.length > 10, `${traded.length} fills`);
    const facts = fills.map(({ timeMs, orderId, side, price, qty, isMaker }) => [
      timeMs,
      String(orderId),
      side,
      Math.round(price * 10),
      Math.round(qty * 1_000),
      isMaker,
    ]);
    assert.equal(
      traded.map(({ timeMs, orderId, side, priceTicks, qtySteps, isMaker }) => [
        timeMs,
        orderId,
        side,
        priceTicks,
        qtySteps,
        isMaker,
      ]),
      facts.slice(0, traded.length),
    );
    assert.ok(facts.length - traded.length < 20, 'the last second is certain only once the recording is over');
  }));

test('a halt cancels, closes the position, holds over a restart and a new session, until it is resumed', () =>
  withTrading(async ({ account, tell, grow, restart, status }) => {
    await grow(BEFORE, 300);
    await tell({ type: 'halt', flattens: true, reason: 'enough' });
    await until('it is halted', () => status().state === 'halted');
    await grow(300, 420);
    await until('it is flat', () => status().session?.position === 0 && status().session?.orders.length === 0);
    assert.is(status().reason, 'enough');
    const before = sentIn(await ownOf(account));
    await restart();
    await until('it is there again', () => status().state === 'halted');
    await grow(420, 540);
    await tell({
      type: 'start',
      settings: madeSettings((status().session as { instrument: string }).instrument),
    } as never);
    await until('another session', async () =>
      (await ownOf(account)).some(({ event }) => event.type === 'sessionClosed'),
    );
    await grow(540, 600);
    await until('it is halted too', () => status().state === 'halted');
    assert.is(sentIn(await ownOf(account)), before, 'nothing was sent meanwhile');
    await tell({ type: 'resume' });
    await until('it runs', () => status().state === 'running');
    await grow(600, 780);
    await until('it trades again', async () => sentIn(await ownOf(account)) > before);
    assert.is((await verifySession(redis, account))!.difference, null);
  }));

test('a halt that was said while no trader was there holds when one comes', () =>
  withTrading(async ({ account, trader, tell, restart, grow, status, isThrough }) => {
    await grow(BEFORE, 240);
    await trader.stop();
    await tell({ type: 'halt', reason: 'while away' });
    await restart();
    await until('it is halted', () => status().state === 'halted');
    const before = sentIn(await ownOf(account));
    await grow(240, 360);
    await until('orders are gone', () => status().session?.orders.length === 0);
    assert.is(sentIn(await ownOf(account)), before);
    await grow(360, 480);
    await until('all is read', () => isThrough(ENTRIES.slice(0, 480)));
    const { settings, orders, curve } = await sessionResult(redis, account);
    assert.is(settings.toEntryId, ENTRIES[479]!.entryId, 'a report tells also of the time in which nothing happened');
    assert.is(orders.sent, before);
    const { equity, position } = status().session!;
    assert.equal([curve.equity.at(-1), Number(curve.position.at(-1)!.toFixed(6))], [equity, position]);
  }));

test('stopped, it closes what it has, and does not begin again', () =>
  withTrading(
    async ({ account, tell, grow, restart, status }) => {
      await grow(BEFORE, 300);
      await tell({ type: 'stop', flattens: true });
      await until('it is told', async () => (await ownOf(account)).some(({ event }) => event.type === 'commandTaken'));
      await grow(300, 420);
      await until('it has stopped', () => status().state === 'stopped');
      const last = (await ownOf(account)).at(-1)!.event;
      assert.ok(last.type === 'sessionClosed' && last.reason === 'stopped');
      await restart();
      await grow(420, 480);
      await until('it is there', () => status().state === 'stopped');
      assert.is((await ownOf(account)).at(-1)!.event.type, 'sessionClosed');
    },
    {},
    PATIENT,
  ));

test('a ledger that says otherwise than the log gives stops the session, and the event is named', () =>
  withTrading(async ({ account, grow, restart, isThrough, status }) => {
    await grow(BEFORE, 300);
    await until('it has traded', () => isThrough(ENTRIES.slice(0, 300)));
    // While nobody writes.
    await restart(async () => {
      const found = await redis.xrange(ledgerKey(account), '-', '+');
      await redis.del(ledgerKey(account));
      for (const [id, fields] of found)
        await redis.xadd(
          ledgerKey(account),
          id,
          ...fields.map((text) => text.replace('"isMaker":true', '"isMaker":false')),
        );
      const { difference } = (await verifySession(redis, account))!;
      assert.match(difference!, /event \d+ of the session was .*"isMaker":false/);
    });
    await until('it has failed', () => status().state === 'failed');
    assert.match(
      status().reason!,
      /event \d+ of the session was .*"isMaker":false.*; run again it is .*"isMaker":true/,
    );
    assert.is((await ownOf(account)).at(-1)!.event.type, 'sessionClosed');
  }));

test('two traders for one account write each event once', () =>
  withTrading(async ({ account, grow, isThrough }) => {
    const tailRedis = await connectRedis(redisUrl);
    const other = tradeAccount({ redis, tailRedis, account, log: () => {} });
    try {
      await grow(BEFORE, ENTRIES.length);
      await until(
        'all is read',
        () => isThrough(ENTRIES) || other.status().session?.lastEntryId === ENTRIES.at(-1)!.entryId,
      );
      const own = await ownOf(account);
      const names = own.flatMap(({ event }) => (event.type === 'orderIntended' ? [event.clientOrderId] : []));
      assert.is(new Set(names).size, names.length);
      assert.is((await verifySession(redis, account))!.difference, null);
    } finally {
      await other.stop();
      tailRedis.disconnect();
    }
  }));

test('a strategy that cannot be begun is said, and the account is there for another', async () => {
  await withTrading(async ({ tell, status, instrument, grow }) => {
    const bad = madeSettings(instrument, {
      strategy: 'moving-average-cross',
      parameters: { fast: 9, slow: 3, barMs: 1_000, qty: 1 },
    });
    await tell({ type: 'start', settings: bad } as LedgerCommand);
    await until('it has failed', () => status().state === 'failed');
    assert.match(
      status().reason!,
      /moving-average-cross failed at .*fast: expected a window below slow \(3\), found 9/,
    );
    await tell({ type: 'start', settings: madeSettings(instrument) } as LedgerCommand);
    await until('it runs', () => status().state === 'running');
    await grow(BEFORE, 240);
  });
});

test('closes', () => redis.disconnect());

test.run();
