import type { Redis } from 'ioredis';
import { openSender } from '../../../infra/questdb/sender.ts';
import { ensureTables } from '../../../infra/questdb/tables.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { setHash } from '../../../pipelines/feature-sets.ts';
import { type EntryId, FIRST_ENTRY_ID, parseEntryId } from '../../../streams/id.ts';
import { rawKey } from '../../../streams/keys.ts';
import type { RecordingName } from '../../../streams/recordings.ts';
import { spanEnds } from '../../../streams/stream-bounds.ts';
import { featureTable } from '../feature-table.ts';
import { backfillVersion, forgetProgress, loadProgress, saveProgress, type Tail } from './backfill-progress.ts';
import { rememberBackfill } from './backfilled-sets.ts';
import { type Chunk, planChunks } from './chunk.ts';
import type { ChunkResult } from './chunk-result.ts';
import { createChunkMerge } from './merge-chunks.ts';
import { overlapOf, type SplitSet, splitSet } from './split-set.ts';
import { storeChunk } from './store-chunk.ts';
import { createWorkerPool } from './worker-pool.ts';

/** Long against the overlap, which is gone through on both sides, and short enough to keep all workers busy to the end. */
const CHUNK_MS_MIN = 30 * 60_000;
const OVERLAPS_A_CHUNK = 3;
/** On average: what a chunk costs besides its events should not show. But so many chunks there are, to keep all workers busy. */
const ENTRIES_A_CHUNK = 10_000;
const CHUNKS_MIN = 16;

export interface BackfillOptions {
  readonly redis: Redis;
  readonly redisUrl: string;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  readonly instrument: string;
  readonly recording: string;
  readonly set: FeatureSet;
  /** Recording of another instrument that covers the same time, where the set is one of two. */
  readonly other?: RecordingName | undefined;
  readonly workers: number;
  readonly chunkMs?: number;
  /** Receive times of the rows that are stored, µs since the epoch, both included; undefined: no bound. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly onProgress?: (chunks: number, of: number, rows: number) => void;
  readonly signal?: AbortSignal;
}

export interface BackfillReport {
  readonly instrument: string;
  readonly recording: string;
  readonly set: string;
  readonly chunks: number;
  /** Chunks that had begun unlike the one before them went on, and were gone through again. */
  readonly redone: number;
  readonly events: number;
  readonly rows: number;
}

/**
 * Derives one feature set of a whole recording anew, chunks of it side by side, and stores the rows; those that are there
 * are replaced. What comes out is what a serial run gives: each chunk goes on a while behind its end, and where the next one
 * did not begin with the same values, it is gone through again from further back.
 */
export async function backfill(options: BackfillOptions): Promise<BackfillReport> {
  const { redis, redisUrl, questdbUrl, instrument, recording, other, set, workers, signal } = options;
  if (set.isOfPair !== (other !== undefined))
    throw new RangeError(`backfill of ${set.id}, other: expected ${set.isOfPair ? 'another instrument' : 'none'}`);
  const table = featureTable(set);
  await ensureTables(questdbUrl, [table]);
  const parts = splitSet(set);
  const { chunks, lastEntryId } = await plan(redis, options, parts);
  const report = { instrument, recording, set: set.id, chunks: chunks.length, redone: 0, events: 0, rows: 0 };
  if (chunks.length === 0) return report;
  const pool = createWorkerPool(Math.min(workers, chunks.length), {
    redisUrl,
    questdbUrl,
    instrument,
    recording,
    set: set.id,
    other,
    fromUs: options.fromUs,
    toUs: options.toUs,
  });
  const sender = await openSender(questdbUrl, table);
  const owner = { instrument, recording, consumer: `backfill-${set.id.replaceAll('_', '-')}` };
  const version = backfillVersion(set, chunks, [options.fromUs, options.toUs, ...(other === undefined ? [] : [other])]);
  const resumed = await loadProgress(redis, owner, version);
  const merge = createChunkMerge(parts, resumed?.merge);
  try {
    const started: Promise<ChunkResult>[] = [];
    // No more results than a few may wait for the one before them.
    const start = (n: number): void => {
      if (n >= chunks.length || started[n] !== undefined) return;
      started[n] = pool.run(chunks[n]!);
      started[n].catch(() => {});
    };
    const storing: Promise<void>[] = [];
    const finish = async ({ n, toMs, tail, result }: Done, previous?: Promise<void>): Promise<void> => {
      // Features of bars, and of rows, are folded over all chunks, one after another; rows without them any worker can store.
      const isOfEvents = parts.columns.every(([part]) => part === 'events');
      const early = isOfEvents ? pool.store(result) : undefined;
      await previous;
      report.rows += await (early ?? storeChunk(options, sender, merge.push, result));
      await saveProgress(redis, owner, version, { chunks: n + 1, toMs, merge: merge.save(), tail });
      options.onProgress?.(n + 1, chunks.length, report.rows);
    };
    const first = resumed?.chunks ?? 0;
    for (let n = first; n < first + workers * 2; n++) start(n);
    let before: Tail | undefined = resumed?.tail;
    for (const [n, chunk] of chunks.entries()) {
      if (n < first) continue;
      signal?.throwIfAborted();
      let result = await started[n]!;
      start(n + workers * 2);
      let warmFromMs = chunk.warmFromMs;
      while (before !== undefined && !isContinued(before, result) && warmFromMs > chunks[0]!.fromMs) {
        warmFromMs = Math.max(chunks[0]!.fromMs, chunk.fromMs - 4 * (chunk.fromMs - warmFromMs));
        result = await pool.run({ ...chunk, warmFromMs });
        report.redone++;
      }
      report.events += result.events;
      before = tailOf(result);
      const done = { n, toMs: chunk.toMs, tail: before, result };
      const stored = finish(done, storing.at(-1));
      // It is awaited below, or nobody waits for it any more.
      stored.catch(() => {});
      storing.push(stored);
      // What waits to be stored is in memory.
      if (storing.length > workers) await storing[storing.length - 1 - workers];
    }
    await storing.at(-1);
    const span = { fromUs: options.fromUs ?? null, toUs: options.toUs ?? null, lastEntryId };
    await rememberBackfill(redis, options, { set: set.id, hash: setHash(set), other: other ?? null, ...span });
    await forgetProgress(redis, owner);
  } finally {
    await pool.close();
    await sender.close();
  }
  return report;
}

/** A chunk that begins as the one before it went on. */
interface Done {
  readonly n: number;
  readonly toMs: number;
  readonly tail: Tail;
  readonly result: ChunkResult;
}

async function plan(
  redis: Redis,
  { instrument, recording, chunkMs }: BackfillOptions,
  parts: SplitSet,
): Promise<{ readonly chunks: Chunk[]; readonly lastEntryId: EntryId }> {
  const overlapMs = overlapOf(parts);
  const key = rawKey(instrument, recording);
  const ends = await spanEnds(redis, key);
  if (ends === undefined) return { chunks: [], lastEntryId: FIRST_ENTRY_ID };
  const [fromMs, toMs] = [parseEntryId(ends.first).ms, parseEntryId(ends.last).ms + 1];
  const filledMs = (toMs - fromMs) * Math.min(ENTRIES_A_CHUNK / (await redis.xlen(key)), 1 / CHUNKS_MIN);
  // In powers of two: a log that grows keeps its chunks, so that an interrupted backfill is taken up.
  const steadyMs = 2 ** Math.ceil(Math.log2(filledMs));
  const lengthMs = chunkMs ?? Math.ceil(Math.max(CHUNK_MS_MIN, OVERLAPS_A_CHUNK * overlapMs, steadyMs));
  const chunks = planChunks(fromMs, toMs, lengthMs, overlapMs);
  return { chunks, lastEntryId: ends.last };
}

/** Whether a chunk begins with the very values with which the one before it went on behind its end. */
function isContinued(before: Tail, { table, width }: ChunkResult): boolean {
  const length = Math.min(before.table.length, table.length);
  if (before.width !== width) return false;
  for (let at = 0; at < length; at++) if (!Object.is(before.table[at], table[at])) return false;
  return true;
}

function tailOf({ table, width, own }: ChunkResult): Tail {
  return { table: table.slice(own * width), width };
}
