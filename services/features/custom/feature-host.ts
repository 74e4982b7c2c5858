import { Worker } from 'node:worker_threads';
import type { FeatureWork } from './feature-worker.ts';

/** Beyond it an entry is not being worked on any more. */
const STALL_MS = 5_000;
const LOOK_EVERY_MS = 500;
const MEMORY_MB = 256;

/** A custom feature that runs in a thread of its own. */
export interface FeatureHost {
  readonly rows: number;
  stop(): Promise<void>;
}

export interface FeatureHostOptions extends Omit<FeatureWork, 'turns'> {
  /** It has ended: it threw, stalled, said what is no number, or took too much memory. */
  readonly onOff: (reason: string) => void;
  readonly stallMs?: number;
}

export function hostFeature({ onOff, stallMs = STALL_MS, ...work }: FeatureHostOptions): FeatureHost {
  const turns = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./feature-worker.ts', import.meta.url), {
    workerData: { ...work, turns } satisfies FeatureWork,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  let rows = 0;
  let isOver = false;
  let seen = 0;
  let seenAtMs = performance.now();

  function off(reason: string): void {
    if (isOver) return;
    isOver = true;
    clearInterval(looking);
    void worker.terminate();
    onOff(reason);
  }

  const looking = setInterval(() => {
    const now = Atomics.load(turns, 0);
    if (now !== seen || now % 2 === 0) {
      seen = now;
      seenAtMs = performance.now();
    } else if (performance.now() - seenAtMs > stallMs) off(`stalled: an entry took more than ${stallMs / 1_000} s`);
  }, LOOK_EVERY_MS);

  worker.on('message', (told: { readonly rows: number }) => {
    rows = told.rows;
  });
  worker.on('error', (error) => off(error instanceof Error ? `${error.name}: ${error.message}` : String(error)));
  worker.on('exit', (status) => off(`ended with status ${status}`));
  return {
    get rows() {
      return rows;
    },
    async stop() {
      isOver = true;
      clearInterval(looking);
      await worker.terminate();
    },
  };
}
