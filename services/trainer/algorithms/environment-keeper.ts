import { type MessagePort, Worker, workerData } from 'node:worker_threads';
import type { ThreadWork } from './environment-thread.ts';
import { markGone, placeOf } from './thread-turns.ts';

// The thread that starts those of environments, and hears of their end: whoever steps them blocks, and could not.

/** What it is started with. */
export interface KeeperWork {
  readonly threads: readonly ThreadWork[];
  readonly heapMbMax: number | undefined;
  /** Is told of each thread that ends. */
  readonly ends: MessagePort;
}

/** How a thread ended, and at which environment; `NOWHERE` where it was at none. */
export interface ThreadEnd {
  readonly environment: number;
  readonly message: string;
  readonly stack: string | undefined;
}

const { threads, heapMbMax, ends }: KeeperWork = workerData;
for (const work of threads) {
  const { words, thread: n, port } = work;
  const thread = new Worker(new URL('./environment-thread.ts', import.meta.url), {
    workerData: work,
    transferList: [port],
    ...(heapMbMax === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMbMax } }),
  });
  let isTold = false;
  const tell = (message: string, stack?: string): void => {
    if (!isTold) ends.postMessage({ environment: placeOf(words, n), message, stack } satisfies ThreadEnd);
    isTold = true;
    markGone(words);
  };
  thread.on('error', (error) => {
    if (error instanceof Error) tell(error.message, error.stack);
    else tell(String(error));
  });
  thread.on('exit', (status) => tell(`its thread ended with status ${status}`));
}
