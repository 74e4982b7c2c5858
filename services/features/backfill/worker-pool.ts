import { Worker } from 'node:worker_threads';
import type { Answered, Asked, BackfillWork } from './backfill-worker.ts';
import type { Chunk } from './chunk.ts';
import type { ChunkResult } from './chunk-result.ts';

/** Threads that work side by side: what is asked of them waits for one that is free. */
export interface WorkerPool {
  /** @throws where the thread fails */
  run(chunk: Chunk): Promise<ChunkResult>;
  /** Stores the rows of a chunk that has nothing but features of events. @returns how many they are */
  store(result: ChunkResult): Promise<number>;
  close(): Promise<void>;
}

export function createWorkerPool(size: number, work: BackfillWork): WorkerPool {
  const workers = Array.from(
    { length: size },
    () => new Worker(new URL('./backfill-worker.ts', import.meta.url), { workerData: work }),
  );
  const free = [...workers];
  const toRun: ((worker: Worker) => void)[] = [];
  /** They come first: what they are about waits in memory. */
  const toStore: ((worker: Worker) => void)[] = [];
  let lastId = 0;

  function release(worker: Worker): void {
    const next = toStore.shift() ?? toRun.shift();
    if (next === undefined) free.push(worker);
    else next(worker);
  }

  async function ask(
    line: ((worker: Worker) => void)[],
    work: { run: Chunk } | { store: ChunkResult },
  ): Promise<Answered> {
    const worker = free.shift() ?? (await new Promise<Worker>((done) => line.push(done)));
    return new Promise<Answered>((done, failed) => {
      const end = (settle: () => void): void => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        release(worker);
        settle();
      };
      const onMessage = (answered: Answered): void =>
        end(() => (answered.error === undefined ? done(answered) : failed(new Error(answered.error))));
      const onError = (error: unknown): void => end(() => failed(error));
      worker.on('message', onMessage);
      worker.on('error', onError);
      const asked: Asked = { id: ++lastId, ...work };
      worker.postMessage(asked, 'store' in work ? [work.store.table.buffer as ArrayBuffer] : []);
    });
  }

  return {
    run: async (chunk) => (await ask(toRun, { run: chunk })).result!,
    store: async (result) => (await ask(toStore, { store: result })).rows!,
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
