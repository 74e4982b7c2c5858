import { Worker } from 'node:worker_threads';
import type { BackfillWork } from './backfill-worker.ts';
import type { Chunk } from './chunk.ts';
import type { ChunkResult } from './chunk-result.ts';

/** Threads that go through chunks side by side. */
export interface WorkerPool {
  /** Waits for a free thread. @throws where the thread fails */
  run(chunk: Chunk): Promise<ChunkResult>;
  close(): Promise<void>;
}

export function createWorkerPool(size: number, work: BackfillWork): WorkerPool {
  const workers = Array.from(
    { length: size },
    () => new Worker(new URL('./backfill-worker.ts', import.meta.url), { workerData: work }),
  );
  const free = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];

  function release(worker: Worker): void {
    const next = waiting.shift();
    if (next === undefined) free.push(worker);
    else next(worker);
  }

  async function acquire(): Promise<Worker> {
    const worker = free.shift();
    return worker ?? new Promise((done) => waiting.push(done));
  }

  return {
    async run(chunk) {
      const worker = await acquire();
      return new Promise<ChunkResult>((done, failed) => {
        const end = (settle: () => void): void => {
          worker.off('message', onMessage);
          worker.off('error', onError);
          release(worker);
          settle();
        };
        const onMessage = (result: ChunkResult): void => end(() => done(result));
        const onError = (error: unknown): void => end(() => failed(error));
        worker.on('message', onMessage);
        worker.on('error', onError);
        worker.postMessage(chunk);
      });
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
