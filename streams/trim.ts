import type { Redis } from 'ioredis';
import { listCheckpoints } from './checkpoint.ts';
import { compareEntryIds, type EntryId } from './id.ts';
import { LIVE, rawKey } from './keys.ts';

export interface TrimOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL`; its live recording is trimmed. */
  readonly instrument: string;
  /** Entries older than this may go, ms. */
  readonly maxAgeMs?: number | undefined;
  /** When there are more entries than this, the oldest may go. */
  readonly maxEntries?: number | undefined;
  /** Consumers that must have a checkpoint: while one has none, everything stays. Those that have one count anyway. */
  readonly consumers: readonly string[];
}

export interface TrimReport {
  readonly trimmed: number;
  /** Who kept entries that the limits would have let go; undefined where nobody did. */
  readonly heldBy: string | undefined;
}

/** Entries looked at in one step of `maxEntries`. */
const STEP_ENTRIES = 500;

/**
 * Lets go of the oldest entries of the live recording, in whole blocks of the stream, never one that a consumer has yet
 * to read or stands on.
 */
export async function trim(options: TrimOptions): Promise<TrimReport> {
  const { redis, instrument, maxAgeMs, maxEntries, consumers } = options;
  const key = rawKey(instrument, LIVE);
  const checkpoints = await listCheckpoints(redis, instrument, LIVE);
  const missing = consumers.find((consumer) => !checkpoints.has(consumer));
  if (missing !== undefined) return { trimmed: 0, heldBy: missing };
  let trimmed = 0;
  let heldBy: string | undefined;

  async function trimBelow(wanted: EntryId): Promise<boolean> {
    let least = wanted;
    for (const [consumer, entryId] of checkpoints) {
      if (compareEntryIds(entryId, least) >= 0) continue;
      least = entryId;
      heldBy = consumer;
    }
    const count = await redis.xtrim(key, 'MINID', '~', least);
    trimmed += count;
    return count > 0 && least === wanted;
  }

  if (maxAgeMs !== undefined) {
    const [seconds] = await redis.time();
    await trimBelow(`${Math.max(0, Number(seconds) * 1_000 - maxAgeMs)}-0`);
  }
  if (maxEntries !== undefined) {
    for (;;) {
      const excess = (await redis.xlen(key)) - maxEntries;
      if (excess <= 0) break;
      const oldest = await redis.xrange(key, '-', '+', 'COUNT', Math.min(excess, STEP_ENTRIES) + 1);
      if (!(await trimBelow(oldest.at(-1)![0]))) break;
    }
  }
  return { trimmed, heldBy };
}
