import { Worker } from 'node:worker_threads';
import type { ComputedRow, ComputeRequest } from './compute-request.ts';

/** Requests that may wait, before others are refused. */
const WAITING_MAX = 50;

/** Computes features in a thread of its own, which is started when it is first needed. */
export interface FeatureComputer {
  /** @throws Error where it fails; TooManyComputations where too many wait already */
  compute(request: SpanRequest): Promise<readonly ComputedRow[]>;
  close(): Promise<void>;
}

/** A request, less where the servers are. */
export type SpanRequest = Omit<ComputeRequest, 'redisUrl' | 'questdbUrl'>;

export class TooManyComputations extends Error {}

interface Waiting {
  readonly done: (rows: readonly ComputedRow[]) => void;
  readonly failed: (error: Error) => void;
}

/** @param servers where the thread connects to */
export function createFeatureComputer(servers: Pick<ComputeRequest, 'redisUrl' | 'questdbUrl'>): FeatureComputer {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let lastId = 0;

  function end(error: Error): void {
    worker = undefined;
    for (const { failed } of waiting.values()) failed(error);
    waiting.clear();
  }

  function started(): Worker {
    if (worker !== undefined) return worker;
    worker = new Worker(new URL('./compute-worker.ts', import.meta.url));
    worker.on('message', ({ id, rows, error }: { id: number; rows?: readonly ComputedRow[]; error?: string }) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (rows === undefined) asked?.failed(new Error(error ?? 'nothing was computed'));
      else asked?.done(rows);
    });
    worker.on('error', end);
    worker.on('exit', () => end(new Error('the thread that computes features has ended')));
    // Last: a listener for messages would keep the process alive again.
    worker.unref();
    return worker;
  }

  return {
    compute(request) {
      if (waiting.size >= WAITING_MAX)
        return Promise.reject(new TooManyComputations(`expected at most ${WAITING_MAX} computations at once`));
      const { promise, resolve: done, reject: failed } = Promise.withResolvers<readonly ComputedRow[]>();
      const id = ++lastId;
      waiting.set(id, { done, failed });
      started().postMessage({ id, request: { ...request, ...servers } });
      return promise;
    },
    async close() {
      await worker?.terminate();
    },
  };
}
