import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { openAccountLedger } from '../../../services/trader/account-ledger.ts';
import { verifySession } from '../../../services/trader/verify-session.ts';
import { testInstrument, testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { madeEntries } from './made-session.ts';
import { ownEvents, tradingOn } from './trading-rig.ts';

const test = suite('services/trader/start');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const withTrading = tradingOn(redis, redisUrl, madeEntries(1_500));
const QUICK = { startWaitMs: 1_000 };

test('a start on what is not recorded ends with the reason, and the account is free for another', () =>
  withTrading(
    async ({ account, tell, start, status, restart }) => {
      await tell({ type: 'stop' });
      await until('it has stopped', () => status().state === 'stopped');
      const instrument = testInstrument();
      await start({ instrument });
      await until('it is refused', () => status().state === 'failed');
      assert.is(
        status().reason,
        `start: not begun within 1 s: no snapshot of the book of ${instrument} is recorded yet; start it again`,
      );
      await start();
      await until('another runs', () => status().state === 'running');
      await restart();
      await until('it goes on', () => status().state === 'running');
      const refused = (await ownEvents(redis, account)).flatMap(({ event }) =>
        event.type === 'startRefused' ? [event.reason] : [],
      );
      assert.is(refused.length, 1);
    },
    {},
    QUICK,
  ));

test('a start that waits gives way to a later one, and to a stop', () =>
  withTrading(async ({ tell, start, status, account }) => {
    await tell({ type: 'stop' });
    await until('it has stopped', () => status().state === 'stopped');
    const instrument = testInstrument();
    await start({ instrument });
    const waits = `no snapshot of the book of ${instrument} is recorded yet`;
    await until('it waits', () => status().state === 'waiting' && status().reason === waits);
    await start();
    await until('the later one runs', () => status().state === 'running');
    await tell({ type: 'stop' });
    await until('it has stopped', () => status().state === 'stopped');
    await start({ instrument: testInstrument() });
    await until('it waits', () => /no snapshot of the book/.test(status().reason ?? ''));
    await tell({ type: 'stop' });
    await until('it has stopped', () => status().state === 'stopped');
    const events = (await ownEvents(redis, account)).map(({ event }) => event);
    assert.is(events.filter(({ type }) => type === 'startRefused').length, 2);
    assert.is(events.filter(({ type }) => type === 'sessionOpened').length, 2);
  }));

test('a start that was refused does not begin by itself when the reason has gone', () =>
  withTrading(
    async ({ account, tell, start, status, restart, grow, instrument }) => {
      await tell({ type: 'stop' });
      await until('it has stopped', () => status().state === 'stopped');
      await start({ strategy: 'none-such' });
      await until('it is refused', () => status().state === 'failed');
      await restart();
      await until('it is there', () => status().state === 'stopped');
      await grow(120, 180);
      await sleep(500);
      assert.is(status().state, 'stopped');
      assert.match(status().reason!, /expected one of .*, found none-such/);
      const { refused, difference, session } = (await verifySession(redis, account))!;
      assert.match(refused!, /found none-such/);
      assert.is(difference, null, 'the session before it is the same still');
      assert.ok(session !== null);
      await start({ instrument });
      await until('said again it begins', () => status().state === 'running');
      assert.is((await verifySession(redis, account))!.refused, null);
    },
    {},
    QUICK,
  ));

test('a stop clears a start that was refused, and one from before it does not', () =>
  withTrading(async ({ account, tell, start, status, restart }) => {
    await tell({ type: 'stop' });
    await until('it has stopped', () => status().state === 'stopped');
    // Where nothing runs the ledger gets no answer to it.
    await tell({ type: 'stop' });
    await start({ strategy: 'none-such' });
    await until('it is refused', () => status().state === 'failed');
    await sleep(500);
    assert.is(status().state, 'failed');
    assert.equal((await openAccountLedger(redis, account)).waiting, [], 'read anew, no stop is left to clear it');
    await tell({ type: 'stop' });
    await until('it is cleared', () => status().state === 'stopped');
    assert.is(status().reason, 'stopped', 'it is how the session before ended');
    await restart();
    await until('it is there', () => status().state === 'stopped');
    assert.is(status().reason, 'stopped');
  }));

test('closes', () => redis.disconnect());

test.run();
