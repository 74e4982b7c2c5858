import type { Redis } from 'ioredis';
import { encodeEntry } from '../../../streams/entry.ts';
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
