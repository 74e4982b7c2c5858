import { SHARE_ENV, Worker } from 'node:worker_threads';
import { BadInput } from '../../../infra/setup-error.ts';
import type { Episode } from '../algorithms/episode-follower.ts';
import type { Metrics } from '../algorithms/learner.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import type { Backend } from '../backend/backend.ts';
import { inLanes } from './in-lanes.ts';
import type { SeedOutcome } from './run-report.ts';
import type { SeedSays, SeedWork } from './seed-thread.ts';
import type { Training } from './training.ts';

/** What a thread may use: one that needs more fails, and takes nothing else with it. */
const HEAP_MB_MAX = 4_096;
/** A thread that was told to end and does not is ended. */
const GRACE_MS = 3_000;

export interface RunSeedsOptions {
  readonly folder: string;
  readonly backend: Backend['name'];
  /** Threads, a seed each; with two for each seed a seed uses both. They decide on nothing but how long it takes. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** Of the updates that a seed goes on behind, once, and then of each update, with the episodes that ended in them. */
  readonly onMetrics: (seed: number, metrics: readonly Metrics[], episodes: readonly Episode[]) => void;
}

export interface EndedSeed {
  readonly outcome: SeedOutcome;
  readonly policy: PolicyData;
}

/** Trains and judges each seed of a run in a thread of its own, several at once. @returns them in the config's order */
export async function runSeeds(training: Training, options: RunSeedsOptions): Promise<EndedSeed[]> {
  const { seeds } = training.config;
  const hasSecond = options.workers >= 2 * seeds.length;
  return inLanes(seeds.length, options.workers, options.signal, async (at, signal) => {
    const seed = seeds[at]!;
    const said = await runSeedThread(
      training,
      { ...options, seed, untilStep: null, hasSecond },
      signal,
      (metrics, episodes) => options.onMetrics(seed, metrics, episodes),
    );
    if (said.type !== 'done') throw new Error(`seed ${seed}: its thread did not judge`);
    return { outcome: said.outcome, policy: said.policy };
  });
}

/** One seed in a thread of its own. @returns the last that it says */
export async function runSeedThread(
  training: Training,
  { seed, folder, backend, untilStep, hasSecond }: Omit<SeedWork, 'training'>,
  signal: AbortSignal,
  onMetrics: (metrics: readonly Metrics[], episodes: readonly Episode[]) => void = () => {},
): Promise<Extract<SeedSays, { readonly type: 'done' | 'halted' }>> {
  const work: SeedWork = { seed, folder, backend, untilStep, hasSecond, training: training.plain() };
  const thread = new Worker(new URL('./seed-thread.ts', import.meta.url), {
    workerData: work,
    // TensorFlow's C library reads the variables of the process, which a thread with a copy of its own could not set.
    env: SHARE_ENV,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Extract<SeedSays, { readonly type: 'done' | 'halted' }>>();
  let grace: NodeJS.Timeout | undefined;
  const end = (): void => {
    thread.postMessage('abort');
    grace = setTimeout(() => reject(signal.reason), GRACE_MS);
  };
  signal.addEventListener('abort', end);
  thread.on('message', (said: SeedSays) => {
    if (said.type === 'kept') onMetrics(said.metrics, said.episodes);
    else if (said.type === 'metrics') onMetrics([said.metrics], said.episodes);
    else resolve(said);
  });
  thread.on('error', (error) => reject(signal.aborted ? signal.reason : explain(seed, error)));
  thread.on('exit', () => reject(new Error(`seed ${seed}: its thread ended without a result`)));
  try {
    return await promise;
  } finally {
    clearTimeout(grace);
    signal.removeEventListener('abort', end);
    await thread.terminate();
  }
}

function explain(seed: number, thrown: unknown): Error {
  const error = thrown as Error & { readonly code?: string };
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new BadInput(
      `seed ${seed}: expected it to need at most ${HEAP_MB_MAX / 1_024} GB, found more: choose a shorter span`,
    );
  // A class of errors does not come through from a thread.
  if (error.name === 'BadInput') return new BadInput(`seed ${seed}: ${error.message}`);
  return new Error(`seed ${seed}: ${error.message}`, { cause: error });
}
