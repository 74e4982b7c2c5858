import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { compareEntryIds, type EntryId, FIRST_ENTRY_ID } from './id.ts';
import { LIVE, rawKey } from './keys.ts';
import { type MergedEntry, replayMerged } from './merge.ts';
import { streamBounds } from './stream-bounds.ts';

/** What came of several logs. */
export interface MergedBatch {
  readonly entries: readonly MergedEntry[];
  /** Logs that were trimmed past the reader, before these entries. */
  readonly trimmed: readonly number[];
}

export interface FollowMergedOptions {
  readonly redis: Redis;
  /** Live recordings, and the entry behind which reading begins in each. */
  readonly logs: readonly { readonly instrument: string; readonly after: EntryId }[];
  /** How long to wait before looking again, ms. */
  readonly pollMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Several live logs as they grow, in the very order in which `replayMerged` gives them afterwards: an entry is given once
 * Redis's clock is past its id, so that no other log can get one before it any more. Until the signal aborts.
 *
 * Redis's clock must not be set back while this runs. Of a log that was trimmed past the reader it is said so; of what it
 * lost in the last look's time some may have been read.
 * @throws where Redis refuses or stays away
 */
export async function* followMerged(options: FollowMergedOptions): AsyncGenerator<MergedBatch> {
  const { redis, pollMs = 100, signal } = options;
  const after = options.logs.map((log) => log.after);
  /** Where the reader was at the last look. */
  let looked = [...after];

  async function trimmedLogs(): Promise<number[]> {
    const trimmed: number[] = [];
    for (const [n, { instrument }] of options.logs.entries()) {
      const { firstId } = await streamBounds(redis, rawKey(instrument, LIVE));
      const isBehind = firstId !== undefined && compareEntryIds(looked[n]!, firstId) < 0;
      if (isBehind && looked[n] !== FIRST_ENTRY_ID) trimmed.push(n);
    }
    looked = [...after];
    return trimmed;
  }

  while (!signal?.aborted) {
    let trimmed: readonly number[] = await trimmedLogs();
    const [seconds, micros] = await redis.time();
    const to = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000) - 1;
    const logs = options.logs.map(({ instrument }, n) => ({ redis, instrument, after: after[n]!, to }));
    for await (const entries of replayMerged(logs)) {
      for (const { log, entry } of entries) after[log] = entry.entryId;
      yield { entries, trimmed };
      trimmed = [];
    }
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
}
