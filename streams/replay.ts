import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { decodeEntry, type Entry, HEADERS } from './entry.ts';
import type { EntryId } from './id.ts';
import { LIVE, rawKey } from './keys.ts';
import { canConnectLike, pagesOfClient, pagesOfConnection } from './page-reader.ts';
import { isPassingError } from './passing-error.ts';
import type { RangeEntry } from './resp.ts';

export interface ReplayOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  /** `live` if not said. */
  readonly recording?: string | undefined;
  /** Entry behind which the replay begins: the one of a checkpoint. */
  readonly after?: EntryId | undefined;
  /** First entry, or its time in ms since the epoch (the first number of its id). Without effect beside `after`. */
  readonly from?: EntryId | number | undefined;
  /** Last entry, or its time in ms since the epoch. */
  readonly to?: EntryId | number | undefined;
}

/** A page costs one way to Redis and back, and memory; at a megabyte neither shows. */
const PAGE_BYTES = 1024 * 1024;
const FIRST_PAGE_ENTRIES = 64;
const PAGE_ENTRIES_MAX = 10_000;

const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 1_000;
/** A restart of Redis takes seconds; a reader that waits much longer should say so instead. */
const RETRY_MS_TOTAL = 15_000;

/**
 * What a recording holds of a span, page by page in log order, as of now: it ends where the log ends.
 *
 * The next page is under way while this one is worked on. Outlives a lost connection.
 * @throws where Redis refuses or stays away, and where an entry is none of the log
 */
export async function* replay(options: ReplayOptions): AsyncGenerator<readonly Entry[]> {
  const { redis, instrument, recording = LIVE, after, from = '-', to = '+' } = options;
  const key = rawKey(instrument, recording);
  const open = () => (canConnectLike(redis) ? pagesOfConnection(redis, key, HEADERS) : pagesOfClient(redis, key));
  let reader = open();
  let start = after === undefined ? from : `(${after}`;
  let count = FIRST_PAGE_ENTRIES;

  async function read(): Promise<readonly RangeEntry[]> {
    let retryMs = RETRY_MS_MIN;
    for (const untilMs = performance.now() + RETRY_MS_TOTAL; ; ) {
      try {
        return await reader.page(start, to, count);
      } catch (error) {
        if (!isPassingError(error) || performance.now() > untilMs) throw error;
        await sleep(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
        reader.close();
        reader = open();
      }
    }
  }

  try {
    let next = read();
    for (;;) {
      const page = await next;
      const last = page.at(-1);
      if (last === undefined) return;
      const isLast = page.length < count;
      if (!isLast) {
        start = `(${last[0]}`;
        count = Math.min(Math.max(Math.ceil((PAGE_BYTES * page.length) / bytesOf(page)), 1), PAGE_ENTRIES_MAX);
        next = read();
        // Who stops before it has no use for its failure; who goes on meets it at the await.
        next.catch(() => {});
      }
      yield page.map(([id, pairs]) => decodeEntry(id, pairs));
      if (isLast) return;
    }
  } finally {
    reader.close();
  }
}

function bytesOf(page: readonly RangeEntry[]): number {
  let bytes = 0;
  for (const [, pairs] of page) for (const part of pairs) bytes += part.length;
  return bytes;
}
