import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from '../../infra/file-lock.ts';
import { makePrivateFolder } from '../../infra/home.ts';
import type { StudyReport } from './report/study-report.ts';
import { summariseStudy } from './report/summarise-study.ts';
import { runStudy } from './run-study.ts';
import type { Study } from './study.ts';
import { type TrialAsk, type TrialOutcome, trialKey } from './trial.ts';
import { createTrialPool } from './trial-pool.ts';
import { openTrialStore } from './trial-store.ts';

export interface OptimiseOptions {
  readonly redisUrl: string;
  /** Where trials and tapes are kept until the study is done. */
  readonly folder: string;
  /** Threads. They decide on nothing but how long it takes. */
  readonly workers: number;
  readonly signal?: AbortSignal;
  /** Trials that have ended, of so many at most. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Runs a study in threads, and says what came out. Trials that an interrupted one has run already are not run again; the
 * report is the same. One that is run elsewhere just now is waited for.
 * @throws where it is aborted, or no trial of a window came to its end
 */
export async function optimise(study: Study, options: OptimiseOptions): Promise<StudyReport> {
  const aborted = abortOf(options.signal);
  try {
    const lock = join(options.folder, `${study.id}.lock`);
    return await Promise.race([withFileLock(lock, () => search(study, options, aborted.promise)), aborted.promise]);
  } finally {
    aborted.end();
  }
}

async function search(study: Study, options: OptimiseOptions, aborted: Promise<never>): Promise<StudyReport> {
  const { redisUrl, workers, signal, onProgress } = options;
  signal?.throwIfAborted();
  const folder = makePrivateFolder(join(options.folder, study.id));
  const store = openTrialStore(join(folder, 'trials.jsonl'));
  const pool = createTrialPool(workers, { redisUrl, market: { ...study.market, folder: join(folder, 'tapes') } });
  const spans = new Set<string>();

  async function run(ask: TrialAsk): Promise<TrialOutcome> {
    const outcome = await pool.run(ask);
    store.add(trialKey(ask), outcome);
    return outcome;
  }

  /** The first trial of a span makes its tape, which each thread would make for itself otherwise. */
  async function runTrials(asks: readonly TrialAsk[]): Promise<TrialOutcome[]> {
    signal?.throwIfAborted();
    const missing = asks.filter((ask) => store.find(trialKey(ask)) === undefined);
    for (const ask of missing) {
      const span = `${ask.fromMs}-${ask.toMs}`;
      if (spans.has(span)) continue;
      spans.add(span);
      await run(ask);
    }
    await Promise.all(missing.filter((ask) => store.find(trialKey(ask)) === undefined).map(run));
    return asks.map((ask) => store.find(trialKey(ask))!);
  }

  try {
    const outcomes = await Promise.race([
      runStudy(study, { runTrials, ...(onProgress === undefined ? {} : { onProgress }) }),
      aborted,
    ]);
    const report = summariseStudy(study, outcomes);
    rmSync(folder, { recursive: true, force: true });
    return report;
  } finally {
    await pool.close();
  }
}

/** A promise that fails when the signal aborts, and otherwise never settles. */
function abortOf(signal: AbortSignal | undefined): { readonly promise: Promise<never>; readonly end: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  // What nobody waits for any more has not failed.
  promise.catch(() => {});
  const onAbort = (): void => reject(signal!.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort);
  return { promise, end: () => signal?.removeEventListener('abort', onAbort) };
}
