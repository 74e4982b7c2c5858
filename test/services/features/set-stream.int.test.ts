import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import type { TopicEntry } from '../../../services/deriver/topic-stream.ts';
import { dropSetStream, listStreamedSets, openSetStream } from '../../../services/features/set-stream.ts';
import { featureSetKey, LIVE, rawKey } from '../../../streams/keys.ts';
import { testInstrument, testServers } from '../../support/servers.ts';

const test = suite('services/features/set-stream');

const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);
const SET = 'custom_bid-v1';
const entry = (entryId: string): TopicEntry => ({ entryId, traceparent: undefined, events: [['features', '{"i":0}']] });
const log = (instrument: string, id: string) => redis.xadd(rawKey(instrument, LIVE), id, 'v', '1');

async function published(instrument: string): Promise<string[]> {
  const entries = await redis.xrange(featureSetKey(instrument, SET), '-', '+');
  return entries.map(([id, pairs]) => `${id} ${pairs.join(' ')}`);
}

test('it begins behind what the log held when it was first opened', async () => {
  const instrument = testInstrument();
  await log(instrument, '5-0');
  assert.equal(await listStreamedSets(redis, instrument), []);
  const stream = await openSetStream(redis, instrument, SET);
  assert.equal(await listStreamedSets(redis, instrument), [SET]);
  await stream.publish([entry('4-0'), entry('5-0'), entry('6-0')]);
  assert.equal(await published(instrument), ['6-0 v 1 recording live features {"i":0}']);
});

test('opened again it goes on behind its last entry, and misses none that came meanwhile', async () => {
  const instrument = testInstrument();
  await log(instrument, '5-0');
  // Nothing was published yet when the first one ended.
  await openSetStream(redis, instrument, SET);
  await log(instrument, '6-0');
  await (await openSetStream(redis, instrument, SET)).publish([entry('5-0'), entry('6-0')]);
  await log(instrument, '7-0');
  await log(instrument, '8-0');
  await (await openSetStream(redis, instrument, SET)).publish([entry('6-0'), entry('7-0'), entry('8-0')]);
  assert.equal(
    (await published(instrument)).map((line) => line.split(' ')[0]),
    ['6-0', '7-0', '8-0'],
  );
});

test('one that is dropped leaves nothing', async () => {
  const instrument = testInstrument();
  await (await openSetStream(redis, instrument, SET)).publish([entry('1-0')]);
  await dropSetStream(redis, instrument, SET);
  assert.equal(await listStreamedSets(redis, instrument), []);
  assert.is(await redis.exists(featureSetKey(instrument, SET)), 0);
});

test('ends', async () => {
  await redis.quit();
});

test.run();
