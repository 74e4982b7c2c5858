import type { Redis } from 'ioredis';
import { decodeEntry } from '../../../streams/entry.ts';
import { LIVE, rawKey } from '../../../streams/keys.ts';

/** One event as the log holds it. */
export interface LoggedText {
  readonly entryId: string;
  readonly channel: string;
  readonly payload: string;
  readonly receiveTimeUs: number;
}

/** Every event of the instrument's live recording, in log order. */
export async function readLog(redis: Redis, instrument: string): Promise<LoggedText[]> {
  const entries = await redis.xrangeBuffer(rawKey(instrument, LIVE), '-', '+');
  return entries.flatMap(([id, pairs]) => {
    const { entryId, events } = decodeEntry(id, pairs);
    return events.map(({ channel, payload, receiveTimeUs }) => ({
      entryId,
      channel,
      payload: payload.toString(),
      receiveTimeUs,
    }));
  });
}

export interface LoggedGap {
  readonly channel: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly reason: string;
}

export function gapsOf(events: readonly LoggedText[], channel?: string): LoggedGap[] {
  return events
    .filter((event) => event.channel === 'gap')
    .map(({ payload }) => JSON.parse(payload) as LoggedGap)
    .filter((gap) => channel === undefined || gap.channel === channel);
}
