import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { statusKey } from '../../streams/keys.ts';
import { readStatus, writeStatus } from '../../streams/status.ts';
import { testServers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const test = suite('streams/status');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

test('a heartbeat is there until it is five seconds old', async () => {
  assert.is(await readStatus(redis, 'recorder'), undefined);
  await writeStatus(redis, 'recorder', { gaps: 1 });
  const beforeMs = performance.now();
  await writeStatus(redis, 'recorder', { gaps: 2, depth: { lagMs: 3 } });
  assert.equal(await readStatus(redis, 'recorder'), { gaps: 2, depth: { lagMs: 3 } });
  const leftMs = await redis.pttl(statusKey('recorder'));
  const passedMs = performance.now() - beforeMs;
  assert.ok(leftMs <= 5_000 && leftMs + passedMs > 4_950, `${leftMs} ms left after ${passedMs} ms`);
  await redis.pexpire(statusKey('recorder'), 1);
  await until('its end', async () => (await readStatus(redis, 'recorder')) === undefined);
});

test('closes', () => redis.disconnect());

test.run();
