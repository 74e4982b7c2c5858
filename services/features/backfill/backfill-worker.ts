import { parentPort, workerData } from 'node:worker_threads';
import { openSender, type RowSender } from '../../../infra/questdb/sender.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { featureSetNamed } from '../../../pipelines/feature-sets.ts';
import type { RecordingName } from '../../../streams/recordings.ts';
import { featureTable } from '../feature-table.ts';
import type { Chunk } from './chunk.ts';
import type { ChunkResult } from './chunk-result.ts';
import { createChunkMerge } from './merge-chunks.ts';
import { runChunk } from './run-chunk.ts';
import { splitSet } from './split-set.ts';
import { storeChunk } from './store-chunk.ts';

// Goes through the chunks that it is handed, one after another, and stores those that it is told to.

/** What a worker is started with. */
export interface BackfillWork {
  readonly redisUrl: string;
  readonly questdbUrl: string;
  readonly instrument: string;
  readonly recording: string;
  /** `name-v1` */
  readonly set: string;
  /** Where the set is one of two instruments. */
  readonly other?: RecordingName | undefined;
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

/** A chunk to be gone through, or one that was, to be stored. */
export type Asked = { readonly id: number } & ({ readonly run: Chunk } | { readonly store: ChunkResult });

export interface Answered {
  readonly id: number;
  readonly result?: ChunkResult;
  readonly rows?: number;
  readonly error?: string;
}

const work: BackfillWork = workerData;
const redis = await connectRedis(work.redisUrl);
const set = featureSetNamed(work.set)!;
const parts = splitSet(set);
let sender: RowSender | undefined;

async function answer(asked: Asked): Promise<Answered> {
  const { instrument, recording, other, fromUs, toUs } = work;
  if ('run' in asked) {
    const result = await runChunk({ redis, instrument, recording, other, set: parts.ofEvents, chunk: asked.run });
    return { id: asked.id, result };
  }
  sender ??= await openSender(work.questdbUrl, featureTable(set));
  const span = { instrument, recording, other, set, fromUs, toUs };
  return { id: asked.id, rows: await storeChunk(span, sender, createChunkMerge(parts).push, asked.store) };
}

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', (asked: Asked) => {
  last = last.then(async () => {
    const answered = await answer(asked).catch((error: Error): Answered => ({ id: asked.id, error: error.message }));
    const { result } = answered;
    parentPort!.postMessage(answered, result === undefined ? [] : [result.table.buffer as ArrayBuffer]);
  });
});
