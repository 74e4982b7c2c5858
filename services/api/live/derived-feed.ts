import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { follow, type TrimmedSpan } from '../../../streams/follow.ts';
import { compareEntryIds, type EntryId, parseEntryId } from '../../../streams/id.ts';
import { streamBounds } from '../../../streams/stream-bounds.ts';
import { type DerivedEntry, decodeDerivedEntry } from './derived-entry.ts';
import { createGathering, type Gathering } from './gathering.ts';
import { streamKey } from './stream-name.ts';

export interface DerivedFeedListener {
  /** New entries of one stream. While it runs, `position` still is that before them. */
  readonly entries: (stream: string, entries: readonly DerivedEntry[]) => void;
  /** Entries were lost before what comes next: the stream was trimmed past us, or is another. */
  readonly lost: (stream: string, reason: string) => void;
  /** Reading failed for good; it is tried again. */
  readonly failed: (error: unknown) => void;
}

export interface DerivedFeed {
  /** Begins to follow the stream; resolves once its position is known. */
  open(stream: string): Promise<void>;
  /** Last entry that was given to the listener, or the stream's last when following began. */
  position(stream: string): EntryId;
  /** Keeps what comes of the streams from now on, until `endGathering`. */
  gather(streams: readonly string[]): Gathering;
  endGathering(gathering: Gathering): void;
  close(): Promise<void>;
}

/** Also how long a new stream may wait until the read that is under way returns. */
const BLOCK_MS = 200;
const RETRY_MS = 1_000;
/**
 * The derived streams that somebody wants, followed over one connection, whatever the number of
 * clients.
 * @param blockingRedis a connection of its own, which waits in XREAD
 */
export function createDerivedFeed(redis: Redis, blockingRedis: Redis, listener: DerivedFeedListener): DerivedFeed {
  const positions = new Map<string, EntryId>();
  const gatherings = new Set<Gathering>();
  const opening = new Map<string, Promise<void>>();
  let reading = new AbortController();
  let loop = Promise.resolve();
  let isClosed = false;

  function deliver(stream: string, entries: readonly DerivedEntry[], trimmed: TrimmedSpan | undefined): void {
    if (trimmed !== undefined) lose(stream, `the stream begins at ${trimmed.before}`, previousEntryId(trimmed.before));
    listener.entries(stream, entries);
    const last = entries.at(-1);
    if (last === undefined) return;
    for (const gathering of gatherings) gathering.add(stream, entries);
    positions.set(stream, last.entryId);
  }

  function lose(stream: string, reason: string, position: EntryId): void {
    positions.set(stream, position);
    for (const gathering of gatherings) gathering.break(stream);
    listener.lost(stream, reason);
  }

  async function read(signal: AbortSignal): Promise<void> {
    const names = [...positions.keys()];
    if (names.length === 0) return;
    const streams = names.map((name) => ({ key: streamKey(name), after: positions.get(name)! }));
    for await (const { index, entries, trimmed } of follow({
      redis: blockingRedis,
      streams,
      blockMs: BLOCK_MS,
      signal,
    })) {
      if (signal.aborted) return;
      const decoded = entries.map(([id, pairs]) => decodeDerivedEntry(id.toString(), pairs.map(String)));
      deliver(names[index]!, decoded, trimmed);
    }
  }

  /** A stream that ends before our position is another one: Redis was emptied, or restored from an older state. */
  async function findReplaced(): Promise<void> {
    for (const [stream, position] of positions) {
      const { lastId } = await streamBounds(redis, streamKey(stream));
      if (compareEntryIds(position, lastId) <= 0) continue;
      lose(stream, `the stream ends at ${lastId}, before ${position}: it was emptied or replaced`, lastId);
    }
  }

  async function keepReading(): Promise<void> {
    while (!isClosed) {
      reading = new AbortController();
      try {
        await read(reading.signal);
      } catch (error) {
        listener.failed(error);
        await findReplaced().catch(() => {});
        await sleep(RETRY_MS);
      }
    }
  }

  async function begin(stream: string): Promise<void> {
    const { lastId } = await streamBounds(redis, streamKey(stream));
    const isFirst = positions.size === 0;
    positions.set(stream, lastId);
    if (isFirst) loop = keepReading();
    // The read goes on with all streams.
    else reading.abort();
  }

  return {
    open(stream) {
      let opened = opening.get(stream);
      if (opened === undefined) {
        opened = begin(stream);
        opening.set(stream, opened);
        opened.catch(() => opening.delete(stream));
      }
      return opened;
    },
    position: (stream) => positions.get(stream)!,
    gather(streams) {
      const gathering = createGathering(new Map(streams.map((name) => [name, positions.get(name)!])));
      gatherings.add(gathering);
      return gathering;
    },
    endGathering(gathering) {
      gatherings.delete(gathering);
    },
    async close() {
      isClosed = true;
      reading.abort();
      await loop;
    },
  };
}

/** The greatest id below `id`. */
function previousEntryId(id: EntryId): EntryId {
  const { ms, n } = parseEntryId(id);
  return n === 0 ? `${ms - 1}-${Number.MAX_SAFE_INTEGER}` : `${ms}-${n - 1}`;
}
