import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { takeBack } from '../../infra/take-back.ts';
import { testInstrument, testServers } from '../support/servers.ts';

const test = suite('infra/take-back');
const redis = await connectRedis((await testServers('redis')).redisUrl);

test('only what is still there is taken back', async () => {
  const key = `take-back:${testInstrument()}`;
  await takeBack(redis, key, 'ours');
  await redis.set(key, 'another');
  await takeBack(redis, key, 'ours');
  assert.is(await redis.get(key), 'another');
  await redis.set(key, 'ours');
  await takeBack(redis, key, 'ours');
  assert.is(await redis.exists(key), 0);
});

test('ends', () => {
  redis.disconnect();
});

test.run();
