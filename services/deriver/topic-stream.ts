import { setTimeout as sleep } from 'node:timers/promises';
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
const RETRY_MS = 500;

/** An entry of the derived stream: what was derived of the raw entry of the same id. */
export interface TopicEntry {
  readonly entryId: EntryId;
  readonly traceparent: string | undefined;
  readonly events: readonly TopicEvent[];
}

/** Publishes a derived stream. */
export interface TopicStream {
  /** Publishes the entries; those that are there already are passed over, so that a restart repeats nothing. */
  publish(entries: readonly TopicEntry[]): Promise<void>;
}

/** Opens an instrument's derived stream, behind what it holds. */
export async function openTopicStream(redis: Redis, instrument: string, recording: string): Promise<TopicStream> {
  const key = featuresKey(instrument);
  const { lastId } = await streamBounds(redis, key);
  return createTopicStream(redis, key, { recording, after: lastId });
}

export interface TopicStreamOptions {
  readonly recording: string;
  /** Entries up to this one are passed over. */
  readonly after: EntryId;
}

export function createTopicStream(redis: Redis, key: string, { recording, after }: TopicStreamOptions): TopicStream {
  let lastId = after;

  return {
    async publish(entries) {
      const fresh = entries.filter(({ entryId }) => compareEntryIds(entryId, lastId) > 0);
      if (fresh.length === 0) return;
      const additions = fresh.map(({ entryId, traceparent, events }) => {
        const trace = traceparent === undefined ? [] : ['traceparent', traceparent];
        const header = ['v', '1', 'recording', recording, ...trace];
        return ['MAXLEN', '~', String(ENTRIES_MAX), entryId, ...header, ...events.flat()];
      });
      for (const error of await addAll(redis, key, additions)) {
        // The answer of an earlier try was lost, but not the entry.
        if (!error.message.includes('equal or smaller')) throw error;
      }
      lastId = fresh.at(-1)!.entryId;
    },
  };
}

/**
 * Publishes until it is done, once at least, or the signal aborts: a lost connection comes back, and an entry is never
 * published twice.
 * @param onRefusal told of each try that failed
 * @returns whether it is done
 */
export async function publishUntilTaken(
  stream: TopicStream,
  entries: readonly TopicEntry[],
  { signal, onRefusal }: { readonly signal?: AbortSignal; readonly onRefusal: (error: unknown) => void },
): Promise<boolean> {
  for (;;) {
    try {
      await stream.publish(entries);
      return true;
    } catch (error) {
      onRefusal(error);
      if (signal?.aborted) return false;
      await sleep(RETRY_MS);
    }
  }
}

/**
 * All or none: of entries written one by one, one that was refused could not be added behind the next. A single one, as
 * most are, needs no transaction.
 * @returns the errors of those that Redis refused
 */
async function addAll(redis: Redis, key: string, additions: readonly string[][]): Promise<Error[]> {
  const [first, ...others] = additions;
  if (first !== undefined && others.length === 0) {
    return redis.xadd(key, ...(first as [string, ...string[]])).then(
      () => [],
      (error: Error) => [error],
    );
  }
  const transaction = redis.multi();
  for (const addition of additions) transaction.xadd(key, ...(addition as [string, ...string[]]));
  const answers = (await transaction.exec()) ?? [];
  return answers.flatMap(([error]) => error ?? []);
}
