import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';
import { openSession } from '../../../services/trader/open-session.ts';
import { sessionResult } from '../../../services/trader/session-result.ts';
import { verifySession } from '../../../services/trader/verify-session.ts';
import type { Model } from '../../../services/trainer/model/model.ts';
import { writeModel } from '../../../services/trainer/model/model-folder.ts';
import { ACCOUNTS_KEY, ledgerKey } from '../../../streams/keys.ts';
import { runDon } from '../../support/run-don.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { smallModel } from '../trainer/model/small-model.ts';
import { madeEntries, madeSettings } from './made-session.ts';
import { writeLog } from './trading-log.ts';
import { BEFORE, ownEvents, tradingOn } from './trading-rig.ts';

const test = suite('services/trader/model-decisions');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const home = mkdtempSync(join(tmpdir(), 'don-decisions-'));
process.env['DON_HOME'] = home;
const id = writeModel(home, smallModel());
const ENTRIES = madeEntries(4_500);
/** Of fewer than the five candles that `z` wants. */
const FEW = 30;
const withTrading = tradingOn(redis, redisUrl, ENTRIES);

test('every decision of a model that trades on paper is recomputed from the log; a planted one is found and named', () =>
  withTrading(
    async ({ account, grow, restart, isThrough }) => {
      await grow(BEFORE, 600);
      await restart();
      await grow(600, ENTRIES.length);
      await until('all is read', () => isThrough(ENTRIES));
      const own = await ownEvents(redis, account);
      const decided = own.filter(({ event }) => event.type === 'decided');
      assert.ok(decided.length > 40, `${decided.length} decisions`);
      const found = (await verifySession(redis, account))!;
      assert.is(found.difference, null);
      assert.is(found.decisions, decided.length);
      // What a backtest of the span comes to is what was traded.
      const result = await sessionResult(redis, account);
      const fills = own.flatMap(({ event }) =>
        event.type === 'account' && event.event.type === 'fill' ? [event.event] : [],
      );
      assert.ok(fills.length > 10, `${fills.length} fills`);
      assert.equal(
        result.fills.map(({ timeMs, qty }) => [timeMs, qty]),
        fills.map(({ timeMs, qtySteps }) => [timeMs, qtySteps / 1_000]),
      );

      const where = { home, env: { DON_REDIS_URL: redisUrl } };
      const good = await runDon(['verify', '--decisions', '--account', account], where);
      assert.is(good.status, 0, good.stderr);
      assert.match(good.stdout, new RegExp(`${decided.length} decisions among them, come out the same`));

      // The same ledger, with one decision taken on what was not there.
      const planted = `${account}-planted`;
      const at = decided[20]!.n;
      for (const [entryId, fields] of await redis.xrange(ledgerKey(account), '-', '+')) {
        const n = fields[fields.indexOf('n') + 1];
        const text = fields[fields.indexOf('event') + 1]!;
        const changed =
          fields.includes('n') && Number(n) === at ? text.replace('"observation":[', '"observation":[9,') : text;
        await redis.xadd(ledgerKey(planted), entryId, ...fields.map((field) => (field === text ? changed : field)));
      }
      await redis.sadd(ACCOUNTS_KEY, planted);
      const bad = await runDon(['verify', '--decisions', '--account', planted], where);
      assert.is(bad.status, 1, bad.stdout + bad.stderr);
      assert.match(bad.stdout, /event \d+ of the session was \{"type":"decided"/);
    },
    { strategy: `model:${id}`, parameters: {} },
  ));

test('where the log is too short for its features a session says what it waits for, until they are warm', () =>
  tradingOn(
    redis,
    redisUrl,
    ENTRIES.slice(0, FEW),
  )(
    async ({ account, instrument, status }) => {
      const expected = 'its features are not valid yet: z';
      await until('it waits', () => status().state === 'waiting' && status().reason === expected);
      await writeLog(redis, instrument, ENTRIES.slice(FEW));
      // It may wait again where the log ends: what stays is what it decided.
      await until('it decides', async () =>
        (await ownEvents(redis, account)).some(({ event }) => event.type === 'decided'),
      );
    },
    { strategy: `model:${id}`, parameters: {} },
  ));

test('a session begins so long before that its features are warm when it trades', async () => {
  const instrument = testInstrument();
  await writeLog(redis, instrument, ENTRIES);
  const lastMs = Number.parseInt(ENTRIES.at(-1)!.entryId, 10);
  const beganBefore = async (features: Model['features']): Promise<number> => {
    const definition = { ...(await loadStrategy('market-maker')).definition, features, barMs: () => 1_000 };
    const strategy = { definition, hash: '' };
    const settings = madeSettings(instrument);
    const opened = await openSession({ redis, account: 'a', commandId: null, isHalted: false, settings, strategy });
    return lastMs - Number.parseInt(opened!.fromEntryId, 10);
  };
  const z = (period: number): Model['features'] => [{ feature: 'z_score', parameters: { period } }];
  assert.ok((await beganBefore([])) < 25_000);
  const before = await beganBefore(z(30));
  assert.ok(before >= 60_000 && before < 85_000, `${before} ms`);
  // As far as the log goes back.
  assert.is(await beganBefore(z(9_999)), lastMs - Number.parseInt(ENTRIES[0]!.entryId, 10));
});

test('closes', () => redis.disconnect());

test.run();
