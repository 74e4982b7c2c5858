import type { Redis } from 'ioredis';
import { type Entry, encodeEntry } from '../../../streams/entry.ts';
import { LIVE, rawKey } from '../../../streams/keys.ts';
import { registerRecording } from '../../../streams/recordings.ts';

/** Writes one entry of the instrument's live log. */
export async function appendEvents(
  redis: Redis,
  instrument: string,
  id: string,
  events: readonly (readonly [channel: string, payload: string])[],
  receiveTimeUs = Number(id.split('-')[0]) * 1_000,
): Promise<void> {
  await registerRecording(redis, instrument, { recording: LIVE, kind: 'live' });
  const pairs = encodeEntry(events.map(([channel, payload]) => ({ channel, payload, receiveTimeUs })));
  await redis.xadd(rawKey(instrument, LIVE), id, ...pairs);
}

/** Writes entries of the instrument's live log; events are received when the first of their entry is. */
export async function appendEntries(redis: Redis, instrument: string, entries: readonly Entry[]): Promise<void> {
  for (const { entryId, events } of entries) {
    const texts = events.map(({ channel, payload }) => [channel, payload.toString()] as const);
    await appendEvents(redis, instrument, entryId, texts, events[0]!.receiveTimeUs);
  }
}
