import type { Redis } from 'ioredis';
import { decodeEntry, type Entry } from './entry.ts';
import { follow, type TrimmedSpan } from './follow.ts';
import type { EntryId } from './id.ts';
import { LIVE, rawKey } from './keys.ts';

/** Entries of one recording, as far as they have come. */
export interface TailBatch {
  readonly instrument: string;
  readonly recording: string;
  readonly entries: readonly Entry[];
  /** Entries that were trimmed before these could be read; undefined where none were. */
  readonly trimmed: TrimmedSpan | undefined;
}

export interface TailStream {
  /** `venue:SYMBOL` */
  readonly instrument: string;
  /** `live` if not said. */
  readonly recording?: string;
  /** Entry behind which reading begins; `0-0`: at the start; `$`: with what is written from now on. */
  readonly from: EntryId | '$';
}

export interface TailOptions {
  /** A connection of its own: a blocked read holds it. */
  readonly redis: Redis;
  readonly streams: readonly TailStream[];
  /** How long a read waits for something new, ms. */
  readonly blockMs?: number;
  /** Entries a read. */
  readonly count?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The log as it grows: what the recordings hold behind `from`, then what comes, each in log order, until the signal
 * aborts. Outlives lost connections and restarts of Redis, without loss or repetition.
 * @throws where Redis refuses, where a recording ends before `from`, and where an entry is none of the log
 */
export async function* tail({ streams, ...options }: TailOptions): AsyncGenerator<TailBatch> {
  const recordings = streams.map(({ instrument, recording = LIVE, from }) => ({
    instrument,
    recording,
    key: rawKey(instrument, recording),
    after: from,
  }));
  for await (const { index, entries, trimmed } of follow({ ...options, streams: recordings })) {
    const { instrument, recording } = recordings[index]!;
    yield { instrument, recording, entries: entries.map(([id, pairs]) => decodeEntry(id, pairs)), trimmed };
  }
}
