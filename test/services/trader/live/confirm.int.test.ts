import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../../infra/redis.ts';
import { runDon } from '../../../support/run-don.ts';
import { testHome, testServers } from '../../../support/servers.ts';
import { ledgerOf } from '../trading-log.ts';

const test = suite('services/trader/live/confirm');

test('don trade start asks for the account’s name once more, and hands it on', async () => {
  const { redisUrl } = await testServers('redis');
  const redis = await connectRedis(redisUrl);
  const environment = { home: testHome(), env: { DON_REDIS_URL: redisUrl } };
  const ticket = ['trade', 'start', 'market-maker', '--instrument', 'simulated:BTCUSDT', '--mode', 'live'];
  const start = (...args: string[]) => runDon([...ticket, ...args], environment);

  try {
    const [nobody, unconfirmed, another] = await Promise.all([
      start(),
      start('--account', 'mm'),
      start('--account', 'mm', '--confirm', 'yes'),
    ]);
    assert.match(nobody.stderr, /--account: expected the name of an account to trade live for, found none/);
    assert.match(unconfirmed.stderr, /--confirm: expected mm, .* to trade with real money; found nothing/);
    assert.match(another.stderr, /--confirm: expected mm, .*; found yes/);
    assert.equal([nobody.status, unconfirmed.status, another.status], [2, 2, 2]);
    assert.equal(await ledgerOf(redis, 'mm'), [], 'nothing is written');
    await start('--account', 'mm', '--confirm', 'mm');
    const [{ event } = {}] = await ledgerOf(redis, 'mm');
    assert.ok(event?.type === 'start' && event.confirms === 'mm' && event.settings.mode === 'live');
  } finally {
    redis.disconnect();
  }
});

test.run();
