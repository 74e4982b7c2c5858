import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { compareEntryIds, type EntryId, FIRST_ENTRY_ID } from './id.ts';
import { isPassingError } from './passing-error.ts';
import { streamBounds } from './stream-bounds.ts';

/** An entry as Redis answers it: its id, and its field/value pairs in one list. */
export type StreamEntry = readonly [id: Buffer, pairs: readonly Buffer[]];

/**
 * Entries between the two ids that were trimmed, perhaps before they were read. All of them were, where the reader is
 * behind; of the last second of one that is not, some may have been read.
 */
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

interface Batch extends FollowedEntries {
  /** Whether it was made sure that nothing up to here was missed. */
  readonly isLooked: boolean;
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

/** A log ends before the entry that reading is to go on from: this is another Redis, or it was killed and lost some. */
export class LogShortened extends Error {}

/** How much longer than it blocks a read may take, before the connection counts as dead. */
const ANSWER_MS_MAX = 5_000;
/**
 * How often it is made sure that nothing was trimmed that was not read yet, beside each time that a read is full: not
 * with each read, because the first entry may be a large one.
 */
const LOOK_EVERY_MS = 1_000;
const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 1_000;

/**
 * Follows streams: what they hold behind the given ids, then what comes, in order, until the signal aborts.
 *
 * Outlives lost connections and restarts of Redis. Says where a stream was trimmed past the reader: at once where the
 * reader is behind, else within a second.
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
  /** Up to where nothing was missed, by the last look at what is there. */
  const looks = cursors.map((after) => ({ after, atMs: Number.NEGATIVE_INFINITY }));
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
      if (cursor === '$') {
        cursors[index] = lastId;
        looks[index]!.after = lastId;
      } else if (compareEntryIds(cursor, lastId) > 0)
        throw new LogShortened(
          `${key}: expected an entry ${cursor} to go on from, found a log that ends at ${lastId}; ` +
            'this is another Redis, or it lost data: use the right one, or delete the checkpoint to begin anew',
        );
    }
  }

  async function read(): Promise<Batch[]> {
    if (!isChecked) {
      isChecked = true;
      await answered(redis, checkCursors(), ANSWER_MS_MAX, signal);
    }
    const reading = redis.xreadBuffer('COUNT', count, 'BLOCK', blockMs, 'STREAMS', ...keys, ...cursors);
    const found = await answered(redis, reading, blockMs + ANSWER_MS_MAX, signal);
    const batches: Batch[] = [];
    for (const [key, entries] of (found ?? []) as readonly (readonly [Buffer, StreamEntry[]])[]) {
      const index = indexes.get(key.toString())!;
      const isLooked = entries.length === count || performance.now() - looks[index]!.atMs >= LOOK_EVERY_MS;
      const trimmed = isLooked ? await trimmedBefore(index, entries[0]![0].toString()) : undefined;
      batches.push({ index, entries, trimmed, isLooked });
    }
    return batches;
  }

  /**
   * What came since the last look was complete if the entry read before it is still there, or one before that: the
   * oldest are trimmed first.
   */
  async function trimmedBefore(index: number, nextId: EntryId): Promise<TrimmedSpan | undefined> {
    const { after } = looks[index]!;
    const firsts = await answered(redis, redis.xrange(keys[index]!, '-', '+', 'COUNT', 1), ANSWER_MS_MAX, signal);
    const firstId = firsts[0]?.[0];
    const isComplete = firstId !== undefined && compareEntryIds(after, firstId) >= 0;
    return isComplete || after === FIRST_ENTRY_ID ? undefined : { after, before: nextId };
  }

  try {
    while (!signal?.aborted) {
      let batches: Batch[];
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
        const last = batch.entries.at(-1)![0].toString();
        cursors[batch.index] = last;
        if (batch.isLooked) looks[batch.index] = { after: last, atMs: performance.now() };
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
