import type { Metrics } from '../algorithms/learner.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import { createPpo } from '../algorithms/ppo.ts';
import { train } from '../algorithms/train.ts';
import type { Backend } from '../backend/backend.ts';
import { openSeedFiles } from '../run/run-folder.ts';
import { type BookData, bookEnvironment } from './book-data.ts';

/** What one seed has learned. */
export interface TrainedBookSeed {
  readonly policy: PolicyData;
  readonly steps: number;
  /** Of each update. */
  readonly metrics: readonly Metrics[];
}

export interface TrainBookSeedOptions {
  /** Where its checkpoint and metrics are kept: from there it goes on. */
  readonly folder: string;
  readonly onMetrics?: ((metrics: Metrics) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Updates between two checkpoints. */
const CHECKPOINT_EVERY = 10;

/**
 * Trains an agent on the training part, to the last bit the same from the beginning and from any of its checkpoints.
 * @throws what the signal was aborted with, TrainingDiverged
 */
export async function trainBookSeed(
  data: BookData,
  backend: Backend,
  seed: number,
  { folder, onMetrics, signal }: TrainBookSeedOptions,
): Promise<TrainedBookSeed> {
  const { episodeSteps, environments: count, ppo } = data.config;
  const files = openSeedFiles(folder, seed);
  const metrics: Metrics[] = [...files.metrics];
  const episode = { begin: 'random', maxSteps: episodeSteps } as const;
  const environments = Array.from({ length: count }, (_, n) =>
    bookEnvironment(data, data.train.tape, episode, seed * 1_000 + n),
  );
  const learner = createPpo(backend, environments, ppo, files.checkpoint ?? seed);
  await train(learner, {
    checkpointEvery: CHECKPOINT_EVERY,
    onMetrics(said) {
      metrics.push(said);
      files.addMetrics(said);
      onMetrics?.(said);
      return false;
    },
    onCheckpoint: (checkpoint) => files.keep({ ...checkpoint, stopping: null }),
    ...(signal === undefined ? {} : { signal }),
  });
  signal?.throwIfAborted();
  for (const environment of environments) environment.close();
  return { policy: learner.policy(), steps: learner.globalStep(), metrics };
}
