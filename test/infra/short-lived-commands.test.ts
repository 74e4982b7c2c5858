import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { testServers } from '../support/servers.ts';

const test = suite('infra/short-lived-commands');

const COMMANDS = 4_000;
const PAYLOAD_BYTES = 1_000;

const oldBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')!.space_used_size;

test('commands and their answers are collected young', async () => {
  const { redisUrl } = await testServers('redis');
  const redis = await connectRedis(redisUrl);
  const send = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await redis.echo('x'.repeat(PAYLOAD_BYTES - 6) + String(i).padStart(6));
  };
  await send(1_000);
  await sleep(100);
  const before = oldBytes();
  await send(COMMANDS);
  const grownBytes = oldBytes() - before;
  redis.disconnect();
  assert.ok(grownBytes < COMMANDS * 500, `${grownBytes} bytes of ${COMMANDS} commands are in the old generation`);
});

test('a command that Redis refuses, and one whose connection is closed, reject', async () => {
  const { redisUrl } = await testServers('redis');
  const redis = await connectRedis(redisUrl);
  const failure = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: Error) => error.message,
    );
  assert.match(await failure(redis.call('NOSUCH')), /unknown command/);
  await redis.set('young', 'text');
  assert.match(await failure(redis.xadd('young', '*', 'field', 'value')), /WRONGTYPE/);
  assert.is(await redis.get('young'), 'text');
  assert.equal(await redis.getBuffer('young'), Buffer.from('text'));
  await redis.hset('young:hash', { field: 'value' });
  assert.equal(await redis.hgetall('young:hash'), { field: 'value' }, 'arguments and answers are transformed');
  assert.equal(await new Promise((resolve) => redis.get('young', (error, text) => resolve([error, text]))), [
    null,
    'text',
  ]);
  redis.disconnect();
  assert.match(await failure(redis.get('young')), /closed/);
});

test.run();
