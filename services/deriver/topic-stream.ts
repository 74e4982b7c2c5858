import type { Redis } from 'ioredis';
import type { TopicEvent } from '../../pipelines/topics.ts';
import type { EntryId } from '../../streams/id.ts';
import { compareEntryIds } from '../../streams/id.ts';
import { featuresKey } from '../../streams/keys.ts';
import { streamBounds } from '../../streams/stream-bounds.ts';

/**
 * Entries kept of each derived stream: some minutes, for clients that were cut off. Who was away for longer reads the
 * tables.
 */
const ENTRIES_MAX = 10_000;

/** An entry of the derived stream: what was derived of the raw entry of the same id. */
export interface TopicEntry {
  readonly entryId: EntryId;
  readonly traceparent: string | undefined;
  readonly events: readonly TopicEvent[];
}

/** Publishes an instrument's derived stream. */
export interface TopicStream {
  /** Publishes the entries; those that are there already are passed over, so that a restart repeats nothing. */
  publish(entries: readonly TopicEntry[]): Promise<void>;
}

export async function openTopicStream(redis: Redis, instrument: string, recording: string): Promise<TopicStream> {
  const key = featuresKey(instrument);
  let { lastId } = await streamBounds(redis, key);

  return {
    async publish(entries) {
      const fresh = entries.filter(({ entryId }) => compareEntryIds(entryId, lastId) > 0);
      if (fresh.length === 0) return;
      // All or none: of entries written one by one, one that was refused could not be added behind the next.
      const pipeline = redis.multi();
      for (const { entryId, traceparent, events } of fresh) {
        const trace = traceparent === undefined ? [] : ['traceparent', traceparent];
        const header = ['v', '1', 'recording', recording, ...trace];
        pipeline.xadd(key, 'MAXLEN', '~', ENTRIES_MAX, entryId, ...header, ...events.flat());
      }
      const answers = (await pipeline.exec()) ?? [];
      for (const [error] of answers) {
        // The answer of an earlier try was lost, but not the entry.
        if (error !== null && !error.message.includes('equal or smaller')) throw error;
      }
      lastId = fresh.at(-1)!.entryId;
    },
  };
}
