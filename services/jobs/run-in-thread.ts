import { Worker } from 'node:worker_threads';
import type { JobProgress } from './job-kind.ts';
import type { ThreadSays, ThreadWork } from './job-thread.ts';

/** A thread that was told to end and does not is ended. */
const GRACE_MS = 5_000;
/** What a job may use: one that needs more fails, and takes nothing else with it. */
const HEAP_MB_MAX = 2_048;

export interface RunInThread {
  readonly onProgress: (progress: JobProgress) => void;
  readonly onSaved: (state: unknown) => void;
  readonly signal: AbortSignal;
}

/** Runs a job in a thread of its own. @returns its result @throws where it fails or is aborted */
export async function runInThread(work: ThreadWork, { onProgress, onSaved, signal }: RunInThread): Promise<unknown> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('./job-thread.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  let grace: NodeJS.Timeout | undefined;
  const end = (): void => {
    thread.postMessage('abort');
    grace = setTimeout(() => reject(new Error('it did not end when it was told to')), GRACE_MS);
  };
  signal.addEventListener('abort', end);
  thread.on('message', (said: ThreadSays) => {
    if (said.type === 'progress') onProgress(said.progress);
    else if (said.type === 'saved') onSaved(said.state);
    else if (said.type === 'result') resolve(said.result);
    else reject(new Error(said.message));
  });
  thread.on('error', (error: Error) => reject(explain(error)));
  thread.on('exit', () => reject(new Error('its thread ended without a result')));
  try {
    return await promise;
  } finally {
    clearTimeout(grace);
    signal.removeEventListener('abort', end);
    await thread.terminate();
  }
}

function explain(error: Error & { readonly code?: string }): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new Error(`it needs more than ${HEAP_MB_MAX / 1_024} GB of memory: choose a shorter span (from, to)`, {
    cause: error,
  });
}
