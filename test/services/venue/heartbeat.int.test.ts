import { fork } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { testServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';

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
    const read = async () => JSON.parse((await redis.get(KEY)) ?? 'null') as Record<string, unknown> | null;
    const status = await until('a status', async () => (await read()) ?? undefined);
    assert.equal(
      [status['service'], status['source'], status['symbols'], status['connections'], status['faults']],
      ['venue', 'model', ['BTCUSDT'], 0, 0],
    );
    assert.type(status['pid'], 'number');
    await until('the next beat', async () => Number((await read())?.['timeMs']) > Number(status['timeMs']));
    // A venue that stands still for so long has none for a moment.
    const life = await until('a life', async () => [await redis.pttl(KEY)].find((ms) => ms !== -2));
    assert.ok(life > 0 && life <= 5_000, `lives ${life} ms`);
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
  await until('the warning', () => venue.log().includes('no status is written'));
  venue.end();
  assert.is(await venue.exit, 0);
});

test.run();
