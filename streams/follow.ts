import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { compareEntryIds, type EntryId, FIRST_ENTRY_ID } from './id.ts';
import { isPassingError } from './passing-error.ts';
import { streamBounds } from './stream-bounds.ts';

/** An entry as Redis answers it: its id, and its field/value pairs in one list. */
export type StreamEntry = readonly [id: Buffer, pairs: readonly Buffer[]];

/** Entries that were trimmed before they were read: all after the one id and before the other. */
export interface TrimmedSpan {
  readonly after: EntryId;
  readonly before: EntryId;
}

/** What came of one stream. */
export interface FollowedEntries {
  /** Which of the streams asked for. */
  readonly index: number;
  readonly entries: readonly StreamEntry[];
  /** The stream lost these before `entries`; undefined where it lost none. */
  readonly trimmed: TrimmedSpan | undefined;
}

export interface FollowOptions {
  /** A connection of its own: a blocked read holds it. */
  readonly redis: Redis;
  /** Reading begins behind `after`; `$`: with what is written from now on. */
  readonly streams: readonly { readonly key: string; readonly after: EntryId | '$' }[];
  /** How long a read waits for something new, ms. */
  readonly blockMs?: number;
  /** Entries a read; with depth events of 20 KB in entries of dozens, 100 are some 20 MB at worst. */
  readonly count?: number;
  readonly signal?: AbortSignal | undefined;
}

/** How much longer than it blocks a read may take, before the connection counts as dead. */
const ANSWER_MS_MAX = 5_000;
const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 1_000;

/**
 * Follows streams: what they hold behind the given ids, then what comes, in order, until the signal aborts.
 *
 * Outlives lost connections and restarts of Redis. Says where a stream was trimmed past the reader.
 * @throws where Redis refuses (wrong type, no permission), and where a stream ends before the id that reading is to
 * begin behind, as another or an emptied Redis would make it do
 */
export async function* follow({
  redis,
  streams,
  blockMs = 1_000,
  count = 100,
  signal,
}: FollowOptions): AsyncGenerator<FollowedEntries> {
  const keys = streams.map((stream) => stream.key);
  const cursors = streams.map((stream) => stream.after);
  const indexes = new Map(keys.map((key, index) => [key, index]));
  let isChecked = false;
  let retryMs = RETRY_MS_MIN;
  const recheck = (): void => {
    isChecked = false;
  };
  redis.on('ready', recheck);

  async function checkCursors(): Promise<void> {
    for (const [index, key] of keys.entries()) {
      const cursor = cursors[index]!;
      const { lastId } = await streamBounds(redis, key);
      if (cursor === '$') cursors[index] = lastId;
      else if (compareEntryIds(cursor, lastId) > 0)
        throw new Error(
          `${key}: expected an entry ${cursor} to go on from, found a log that ends at ${lastId}; ` +
            'this is another Redis, or it lost data: use the right one, or delete the checkpoint to begin anew',
        );
    }
  }

  async function read(): Promise<FollowedEntries[]> {
    if (!isChecked) {
      isChecked = true;
      await answered(redis, checkCursors(), ANSWER_MS_MAX, signal);
    }
    const pipeline = redis.pipeline();
    for (const key of keys) pipeline.xlen(key);
    pipeline.xreadBuffer('COUNT', count, 'BLOCK', blockMs, 'STREAMS', ...keys, ...cursors);
    const answers = await answered(redis, pipeline.exec(), blockMs + ANSWER_MS_MAX, signal);
    const values = (answers ?? []).map(([error, value]) => {
      if (error !== null) throw error;
      return value;
    });
    const found = (values[keys.length] ?? []) as readonly (readonly [Buffer, StreamEntry[]])[];
    const batches: FollowedEntries[] = [];
    for (const [key, entries] of found) {
      const index = indexes.get(key.toString())!;
      const length = values[index] as number;
      // A read that is not full holds all behind the cursor. Where the stream is longer than that, entries up to the
      // cursor are still there, and so is what came after: the oldest are trimmed first.
      const isWhole = entries.length < count && length > entries.length;
      const trimmed = isWhole ? undefined : await trimmedBefore(index, entries[0]![0].toString());
      batches.push({ index, entries, trimmed });
    }
    return batches;
  }

  /** A reader that is behind an entry still there has missed nothing; one before the first has, where that was trimmed. */
  async function trimmedBefore(index: number, nextId: EntryId): Promise<TrimmedSpan | undefined> {
    const cursor = cursors[index]!;
    if (cursor === FIRST_ENTRY_ID) return undefined;
    const firsts = await answered(redis, redis.xrange(keys[index]!, '-', '+', 'COUNT', 1), ANSWER_MS_MAX, signal);
    const firstId = firsts[0]?.[0];
    if (firstId !== undefined && compareEntryIds(cursor, firstId) >= 0) return undefined;
    return { after: cursor, before: nextId };
  }

  try {
    while (!signal?.aborted) {
      let batches: FollowedEntries[];
      try {
        batches = await read();
        retryMs = RETRY_MS_MIN;
      } catch (error) {
        if (signal?.aborted) return;
        if (!isPassingError(error) || redis.status === 'end') throw error;
        isChecked = false;
        await sleep(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
        continue;
      }
      for (const batch of batches) {
        cursors[batch.index] = batch.entries.at(-1)![0].toString();
        yield batch;
      }
    }
  } finally {
    redis.off('ready', recheck);
  }
}

/**
 * The answer, or an error where the connection is lost or no answer comes in time: then the connection is renewed, as it
 * may be half open. ioredis 6.0.0 may never settle a command whose answer was lost (redis.md 2.6).
 */
async function answered<T>(redis: Redis, answer: Promise<T>, ms: number, signal: AbortSignal | undefined): Promise<T> {
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    redis.disconnect(true);
    reject(new Error(`expected an answer of Redis within ${ms} ms, found none`));
  }, ms);
  const abort = (): void => reject(new Error('aborted'));
  const close = (): void => reject(new Error('the connection to Redis was lost'));
  signal?.addEventListener('abort', abort, { once: true });
  redis.once('close', close);
  // Where it comes too late nobody waits for it any more.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, interrupted]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    redis.off('close', close);
  }
}
