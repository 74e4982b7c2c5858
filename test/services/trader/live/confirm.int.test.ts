// time limit: 60 s

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../../../infra/home.ts';
import { connectRedis } from '../../../../infra/redis.ts';
import { testHome, testServers } from '../../../support/servers.ts';
import { ledgerOf } from '../trading-log.ts';

const test = suite('services/trader/live/confirm');

test('don trade start asks for the account’s name once more, and hands it on', async () => {
  const { redisUrl } = await testServers('redis');
  const redis = await connectRedis(redisUrl);
  const env = { ...process.env, DON_REDIS_URL: redisUrl, DON_HOME: testHome(), NO_COLOR: '1' };

  function start(...args: string[]): Promise<{ status: number | null; stderr: string }> {
    const main = join(REPOSITORY, 'services/cli/main.ts');
    const ticket = ['trade', 'start', 'market-maker', '--instrument', 'simulated:BTCUSDT', '--mode', 'live'];
    const child = spawn(process.execPath, [main, ...ticket, ...args], { env });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
    });
    return new Promise((done) => child.on('close', (status) => done({ status, stderr })));
  }

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
