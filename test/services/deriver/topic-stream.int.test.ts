import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import { openTopicStream, type TopicEntry } from '../../../services/deriver/topic-stream.ts';
import { featuresKey, LIVE } from '../../../streams/keys.ts';
import { testInstrument, testServers } from '../../support/servers.ts';

const test = suite('services/deriver/topic-stream');

const { redisUrl } = await testServers('redis');

const entry = (entryId: string, json = '{"i":0}', traceparent?: string): TopicEntry => ({
  entryId,
  traceparent,
  events: [
    ['trades', json],
    ['bar', '{"i":1}'],
  ],
});

async function published(redis: Awaited<ReturnType<typeof connectRedis>>, instrument: string): Promise<string[]> {
  const entries = await redis.xrange(featuresKey(instrument), '-', '+');
  return entries.map(([id, pairs]) => `${id} ${pairs.join(' ')}`);
}

test('an entry has the id of the raw one, a header, and its topics in order', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const stream = await openTopicStream(redis, instrument, LIVE);
  await stream.publish([entry('5-0'), entry('5-1', '{"i":0}', '00-ab-cd-01')]);
  assert.equal(await published(redis, instrument), [
    '5-0 v 1 recording live trades {"i":0} bar {"i":1}',
    '5-1 v 1 recording live traceparent 00-ab-cd-01 trades {"i":0} bar {"i":1}',
  ]);
  await redis.quit();
});

test('what is there already is not written again, by this process or by the next', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const stream = await openTopicStream(redis, instrument, LIVE);
  await stream.publish([entry('9-0'), entry('10-0')]);
  await stream.publish([entry('9-0', 'other'), entry('10-0', 'other'), entry('11-0')]);
  await stream.publish([]);
  await (await openTopicStream(redis, instrument, LIVE)).publish([entry('11-0', 'other'), entry('12-0')]);
  // A second deriver at work: each passes over what the other has written.
  await stream.publish([entry('12-0', 'other'), entry('13-0')]);
  assert.equal(
    (await published(redis, instrument)).map((line) => line.split(' ')[0]),
    ['9-0', '10-0', '11-0', '12-0', '13-0'],
  );
  assert.not.ok((await published(redis, instrument)).some((line) => line.includes('other')));
  await redis.quit();
});

test('of entries that Redis refuses none is written, and all can be published later', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const stream = await openTopicStream(redis, instrument, LIVE);
  await redis.set(featuresKey(instrument), 'of another type');
  try {
    await stream.publish([entry('1-0')]);
    assert.unreachable('it was accepted');
  } catch (error) {
    assert.match((error as Error).message, /WRONGTYPE/);
  }
  await redis.del(featuresKey(instrument));
  await stream.publish([entry('1-0'), entry('2-0')]);
  assert.is((await published(redis, instrument)).length, 2);
  await redis.quit();
});

test('keeps about the last ten thousand entries', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const stream = await openTopicStream(redis, instrument, LIVE);
  for (let batch = 0; batch < 13; batch++)
    await stream.publish(Array.from({ length: 1_000 }, (_, n) => entry(`${batch * 1_000 + n + 1}-0`)));
  const length = await redis.xlen(featuresKey(instrument));
  assert.ok(length >= 10_000 && length <= 10_200, `${length}`);
  await redis.quit();
});

test.run();
