import type { Redis } from 'ioredis';
import { compareEntryIds } from '../../streams/id.ts';
import { featureSetKey, LIVE, rawKey, streamedSetsKey } from '../../streams/keys.ts';
import { streamBounds } from '../../streams/stream-bounds.ts';
import { createTopicStream, type TopicStream } from '../deriver/topic-stream.ts';

/**
 * Opens the stream of a feature set that the deriver does not publish, for an instrument's live recording: clients follow
 * it as the topic `features:INSTRUMENT:SET`. It begins with what comes after it was first opened, since what was before is
 * in the set's table, and goes on without a hole or a repeat when it is opened again.
 * @param set `name-v1`
 */
export async function openSetStream(redis: Redis, instrument: string, set: string): Promise<TopicStream> {
  const key = featureSetKey(instrument, set);
  const { lastId: rawEnd } = await streamBounds(redis, rawKey(instrument, LIVE));
  await redis.hsetnx(streamedSetsKey(instrument), set, rawEnd);
  const beginning = (await redis.hget(streamedSetsKey(instrument), set)) ?? rawEnd;
  const { lastId } = await streamBounds(redis, key);
  const after = compareEntryIds(lastId, beginning) > 0 ? lastId : beginning;
  return createTopicStream(redis, key, { recording: LIVE, after });
}

/** The sets that have a stream of their own, in order of their names. */
export async function listStreamedSets(redis: Redis, instrument: string): Promise<string[]> {
  return (await redis.hkeys(streamedSetsKey(instrument))).sort();
}

/** Ends the stream of a set that is derived no more. */
export async function dropSetStream(redis: Redis, instrument: string, set: string): Promise<void> {
  await redis.multi().hdel(streamedSetsKey(instrument), set).del(featureSetKey(instrument, set)).exec();
}
