import { Worker } from 'node:worker_threads';
import type { TrialAsk, TrialOutcome } from './trial.ts';
import { failedTrial } from './trial-outcome.ts';
import type { TrialAnswer, TrialWork } from './trial-worker.ts';

/** What a thread may use: a trial that needs more fails, and takes nothing else with it. */
const HEAP_MB_MAX = 2_048;
/** Longer than this a trial is taken for one that never returns. */
const TRIAL_MS_MAX = 600_000;

/** Threads that run trials side by side: what is asked of them waits for one that is free. */
export interface TrialPool {
  /** @throws where something other than the strategy fails */
  run(ask: TrialAsk): Promise<TrialOutcome>;
  close(): Promise<void>;
}

interface Waiting {
  readonly ask: TrialAsk;
  readonly done: (outcome: TrialOutcome) => void;
  readonly failed: (error: Error) => void;
}

export function createTrialPool(size: number, work: TrialWork, trialMsMax = TRIAL_MS_MAX): TrialPool {
  const waiting: Waiting[] = [];
  const workers = new Set<Worker>();
  const idle: Worker[] = [];

  function next(): void {
    if (waiting.length === 0) return;
    // All at once, also where the first trial runs alone: each takes a while to come up.
    while (workers.size < size) idle.push(start());
    const worker = idle.pop();
    if (worker !== undefined) hand(worker, waiting.shift()!);
  }

  function start(): Worker {
    const worker = new Worker(new URL('./trial-worker.ts', import.meta.url), {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    workers.add(worker);
    // Also between two trials, where nobody else listens.
    const lose = (): void => {
      workers.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    };
    worker.on('error', lose).on('exit', lose);
    return worker;
  }

  function hand(worker: Worker, { ask, done, failed }: Waiting): void {
    const end = (settle: () => void): void => {
      clearTimeout(limit);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
      next();
    };
    const lose = (settle: () => void): void => {
      workers.delete(worker);
      end(settle);
    };
    const onMessage = ({ outcome, error }: TrialAnswer): void => {
      idle.push(worker);
      end(() => (outcome === undefined ? failed(new Error(error)) : done(outcome)));
    };
    const onError = (error: Error & { readonly code?: string }): void =>
      lose(() =>
        error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? done(failedTrial(`it needs more than ${HEAP_MB_MAX / 1_024} GB of memory`))
          : failed(error),
      );
    const onExit = (): void => lose(() => failed(new Error('a thread ended in the middle of a trial')));
    const limit = setTimeout(() => {
      void worker.terminate();
      lose(() => done(failedTrial(`it did not end within ${trialMsMax / 1_000} s`)));
    }, trialMsMax);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(ask);
  }

  return {
    run: (ask) =>
      new Promise((done, failed) => {
        waiting.push({ ask, done, failed });
        next();
      }),
    async close() {
      waiting.length = 0;
      await Promise.all([...workers].map((worker) => worker.terminate()));
    },
  };
}
