import { Worker } from 'node:worker_threads';
import { BadInput } from '../../infra/setup-error.ts';
import type { BacktestResult } from './backtest-result.ts';
import type { BacktestSays, BacktestWork } from './backtest-worker.ts';

/** A million rows take a second or less; a strategy that has not got through them after so long does not return. */
const SILENT_MS = 120_000;

export interface RunInThreadOptions {
  readonly onProgress: (events: number) => void;
  /** Aborted: the run is ended at once. */
  readonly signal: AbortSignal;
  readonly silentMs?: number;
}

/**
 * Runs a backtest in a thread of its own.
 * @throws BadInput as `runBacktest`, and Error where the strategy fails, or does not return
 */
export async function runInThread(
  work: BacktestWork,
  { onProgress, signal, silentMs = SILENT_MS }: RunInThreadOptions,
): Promise<BacktestResult> {
  signal.throwIfAborted();
  const thread = new Worker(new URL('./backtest-worker.ts', import.meta.url), { workerData: work });
  const { promise, resolve, reject } = Promise.withResolvers<BacktestResult>();
  let events = 0;
  const silent = setTimeout(
    () =>
      reject(new Error(`strategy ${work.strategy} did not answer for ${silentMs / 1_000} s, after ${events} events`)),
    silentMs,
  );
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  thread.on('message', (said: BacktestSays) => {
    silent.refresh();
    if (said.type === 'result') resolve(said.result);
    else if (said.type === 'error') reject(said.isBadInput ? new BadInput(said.message) : new Error(said.message));
    else {
      events = said.events;
      onProgress(events);
    }
  });
  thread.on('error', reject);
  thread.on('exit', () => reject(new Error('the thread of the backtest ended without a result')));
  try {
    return await promise;
  } finally {
    clearTimeout(silent);
    signal.removeEventListener('abort', abort);
    await thread.terminate();
  }
}
