import { fork } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { testServers } from '../../support/servers.ts';
import { pause, until } from './client.ts';

const MAIN = join(import.meta.dirname, '../../../services/venue/main.ts');
const KEY = 'don:status:venue';

function start(redisUrl: string): {
  readonly exit: Promise<number | null>;
  readonly log: () => string;
  readonly end: () => void;
} {
  const child = fork(MAIN, ['--symbols', 'BTCUSDT'], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, DON_REDIS_URL: redisUrl },
  });
  let log = '';
  child.stderr?.on('data', (data) => {
    log += String(data);
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { exit, log: () => log, end: () => void child.kill('SIGTERM') };
}

test('writes its status each second with a life of five, and takes it back at the end', async () => {
  const { redisUrl } = await testServers('redis');
  const redis = await connectRedis(redisUrl);
  const venue = start(redisUrl);
  try {
    let text: string | null = null;
    await until(() => {
      void redis.get(KEY).then((found) => {
        text = found;
      });
      return text !== null;
    }, 20_000);
    const status = JSON.parse(String(text)) as Record<string, unknown>;
    assert.equal(
      [status['service'], status['source'], status['symbols'], status['connections'], status['faults']],
      ['venue', 'model', ['BTCUSDT'], 0, 0],
    );
    assert.type(status['pid'], 'number');
    const life = await redis.pttl(KEY);
    assert.ok(life > 0 && life <= 5_000, `lives ${life} ms`);
    await pause(2_100);
    const later = JSON.parse((await redis.get(KEY)) ?? '{}') as { timeMs: number };
    assert.ok(later.timeMs > Number(status['timeMs']), 'it beats');
    venue.end();
    assert.is(await venue.exit, 0);
    assert.is(await redis.exists(KEY), 0);
  } finally {
    venue.end();
    redis.disconnect();
  }
});

test('works without Redis, and says that its status is not seen', async () => {
  const venue = start('redis://127.0.0.1:1');
  await until(() => venue.log().includes('no status is written'), 20_000);
  venue.end();
  assert.is(await venue.exit, 0);
});

test.run();
