import type { Redis } from 'ioredis';
import { decodeEntry, type Entry } from './entry.ts';
import type { EntryId } from './id.ts';
import { LIVE, rawKey } from './keys.ts';

export interface ReplayOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  /** `live` if not said. */
  readonly recording?: string;
  /** Entry behind which the replay begins: the one of a checkpoint. */
  readonly after?: EntryId | undefined;
  /** First entry, or the time (ms since the epoch) of the first; entry ids are times. */
  readonly from?: EntryId | number | undefined;
  /** Last entry, or the time (ms since the epoch) of the last. */
  readonly to?: EntryId | number | undefined;
  /** Entries a page. */
  readonly count?: number;
}

/**
 * What a recording holds of a span, page by page in log order, as of now: it ends where the log ends.
 *
 * The next page is under way while this one is worked on.
 * @throws where Redis refuses or cannot be reached, and where an entry is none of the log
 */
export async function* replay({
  redis,
  instrument,
  recording = LIVE,
  after,
  from = '-',
  to = '+',
  count = 500,
}: ReplayOptions): AsyncGenerator<readonly Entry[]> {
  const key = rawKey(instrument, recording);
  const page = (start: string | number) => redis.xrangeBuffer(key, start, to, 'COUNT', count);
  let next = page(after === undefined ? from : `(${after}`);
  for (;;) {
    const entries = await next;
    const last = entries.at(-1);
    if (last === undefined) return;
    const isLast = entries.length < count;
    if (!isLast) {
      next = page(`(${last[0]}`);
      // Whoever stops reading leaves it unread; its failure is theirs to see only where they wait for it.
      next.catch(() => {});
    }
    yield entries.map(([id, pairs]) => decodeEntry(id, pairs));
    if (isLast) return;
  }
}
