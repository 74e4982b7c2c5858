// time limit: 120 s

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../../infra/redis.ts';
import type { SessionOpened } from '../../../../operators/ledger/ledger-event.ts';
import { checkForwardTest } from '../../../../services/trainer/registry/forward-test.ts';
import { forwardTestOf } from '../../../../services/trainer/registry/forward-test-of.ts';
import { promoteModel } from '../../../../services/trainer/registry/promote-model.ts';
import { registerModel } from '../../../../services/trainer/registry/register-model.ts';
import { testServers } from '../../../support/servers.ts';
import { madeEntries } from '../../trader/made-session.ts';
import { until } from '../../trader/trading-log.ts';
import { BEFORE, ownEvents, tradingOn } from '../../trader/trading-rig.ts';
import { BECAUSE, goodModel, home, pool, refusal } from './registry-rig.ts';

const test = suite('services/trainer/registry/forward-test');
process.env['DON_HOME'] = home;
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const { record } = await registerModel(pool, home, goodModel(1), { who: 'eve' });
const ENTRIES = madeEntries(2_500);
const withTrading = tradingOn(redis, redisUrl, ENTRIES);

test('what a model did on paper is found by running it again, and what a promotion rests on', () =>
  withTrading(
    async ({ account, grow, isThrough }) => {
      await grow(BEFORE, ENTRIES.length);
      await until('all is read', () => isThrough(ENTRIES));
      const own = await ownEvents(redis, account);
      const count = (type: string) => own.filter(({ event }) => event.type === type).length;
      const found = await forwardTestOf(redis, account);
      const { tradesFromUs, session, settings } = own[0]!.event as SessionOpened;
      assert.equal(
        { ...found, equity: 0 },
        {
          account,
          session,
          strategy: `model:${record.id}`,
          instrument: settings.instrument,
          fromMs: Math.floor(tradesFromUs / 1_000),
          toMs: found.toMs,
          decisions: count('decided'),
          differences: 0,
          initialEquity: settings.balance,
          equity: 0,
          fills: own.filter(({ event }) => event.type === 'account' && event.event.type === 'fill').length,
          liquidations: 0,
        },
      );
      assert.ok(found.decisions > 10 && found.fills > 0 && found.toMs > found.fromMs, JSON.stringify(found));
      assert.ok(found.equity !== found.initialEquity && Math.abs(found.equity - found.initialEquity) < 1_000);
      assert.equal(checkForwardTest(JSON.parse(JSON.stringify(found))), found);
      // On another instrument than the one that it was trained on.
      const promotion = { model: record.id, to: 'live', evaluation: found, ...BECAUSE } as const;
      assert.match(
        await refusal(promoteModel(pool, promotion)),
        /^evaluation\/instrument: expected simulated:BTCUSDT, found/,
      );
    },
    { strategy: `model:${record.id}`, parameters: {} },
  ));

test('an account that has not traded has no forward test', async () => {
  assert.match(await refusal(forwardTestOf(redis, 'nobody')), /^--account: expected one that has traded, found nobody/);
});

test('ends', async () => {
  redis.disconnect();
  await pool.end();
});

test.run();
