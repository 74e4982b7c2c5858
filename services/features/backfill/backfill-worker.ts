import { parentPort, workerData } from 'node:worker_threads';
import { connectRedis } from '../../../infra/redis.ts';
import { featureSetNamed } from '../../../pipelines/feature-sets.ts';
import type { Chunk } from './chunk.ts';
import { runChunk } from './run-chunk.ts';
import { splitSet } from './split-set.ts';

// Goes through the chunks that it is handed, one after another.

/** What a worker is started with. */
export interface BackfillWork {
  readonly redisUrl: string;
  readonly instrument: string;
  readonly recording: string;
  /** `name-v1` */
  readonly set: string;
}

const { redisUrl, instrument, recording, set: id }: BackfillWork = workerData;
const redis = await connectRedis(redisUrl);
const set = splitSet(featureSetNamed(id)!).ofEvents;

parentPort!.on('message', async (chunk: Chunk) => {
  const result = await runChunk({ redis, instrument, recording, set, chunk });
  parentPort!.postMessage(result, [result.table.buffer as ArrayBuffer]);
});
