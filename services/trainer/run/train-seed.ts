import { type AlgorithmCheckpoint, createLearner } from '../algorithms/algorithm.ts';
import { inOneThread } from '../algorithms/environment-group.ts';
import { type Episode, followEpisodes } from '../algorithms/episode-follower.ts';
import type { Metrics } from '../algorithms/learner.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import { train } from '../algorithms/train.ts';
import type { ValueThread } from '../algorithms/value-thread.ts';
import type { Backend } from '../backend/backend.ts';
import { type ChoiceLuck, choiceLuck } from '../evaluate/choice-luck.ts';
import { algorithmOf } from './config-algorithm.ts';
import { createEarlyStopping, type StoppingState } from './early-stopping.ts';
import type { Training } from './training.ts';
import type { WarmStartOutcome } from './warm-start.ts';

/** What one seed goes on from. */
export type SeedCheckpoint = AlgorithmCheckpoint & {
  /** null: the training does not stop early. */
  readonly stopping: StoppingState | null;
  /** How the policy that it began with was cloned; not there where it began by chance. */
  readonly warmStart?: WarmStartOutcome;
};

/** What one seed has learned. */
export interface TrainedSeed {
  /** The best one on the validation span where there is one, else the last. */
  readonly policy: PolicyData;
  readonly last: PolicyData;
  /** That were learned from in all. */
  readonly steps: number;
  /** Where the policy is from; null without a validation span. */
  readonly chosen: Chosen | null;
  /** How the policy that it began with was cloned; null: it began by chance. */
  readonly warmStart: WarmStartOutcome | null;
}

export interface Chosen {
  readonly globalStep: number;
  /** Sharpe ratio a year on the validation span. */
  readonly sharpe: number;
  /** Whether the training ended before its steps were done. */
  readonly hasStopped: boolean;
  /** How much luck there is in its choice among the policies that were looked at. */
  readonly luck: ChoiceLuck;
}

export interface TrainSeedOptions {
  /** A checkpoint of the same data, config and seed. */
  readonly from?: SeedCheckpoint | undefined;
  /** Of each update, with the episodes that ended in it, as many of them as are kept. */
  readonly onMetrics?: (metrics: Metrics, episodes: readonly Episode[]) => void;
  readonly onCheckpoint?: (checkpoint: SeedCheckpoint) => void;
  readonly signal?: AbortSignal | undefined;
  /** The training ends for now once so many steps are done; from its checkpoint it goes on as if it had not. */
  readonly untilStep?: number | undefined;
  /** As of PPO: what is learned is the same with it. */
  readonly valueThread?: ValueThread | undefined;
}

/** Updates between two checkpoints. */
const CHECKPOINT_EVERY = 10;

/**
 * Trains an agent on the training span, to the last bit the same from the beginning and from any of its checkpoints.
 * @throws what the signal was aborted with, TrainingDiverged
 */
export async function trainSeed(
  training: Training,
  backend: Backend,
  seed: number,
  { from, onMetrics, onCheckpoint, signal, untilStep = Number.POSITIVE_INFINITY, valueThread }: TrainSeedOptions = {},
): Promise<TrainedSeed> {
  const { config, validation } = training;
  const environments = training.environments(seed);
  const followed = followEpisodes(
    inOneThread(environments),
    from && { globalStep: from.globalStep, episodes: from.environments.ended },
  );
  const algorithm = algorithmOf(config);
  const begun = from === undefined ? training.beginWarm(backend, seed) : null;
  const warmStart = from?.warmStart ?? begun?.outcome ?? null;
  const start = from ?? (begun === null ? seed : { seed, actor: begun.actor });
  const learner = createLearner(backend, followed.group, algorithm, start, valueThread);
  const stopping = validation === null ? null : createEarlyStopping(training, from?.stopping ?? undefined);
  const stepsAnUpdate = algorithm.settings.stepsPerUpdate * config.environments;
  if (stopping?.state().isEnough !== true && learner.globalStep() < untilStep)
    await train(learner, {
      checkpointEvery: CHECKPOINT_EVERY,
      onMetrics(metrics) {
        onMetrics?.(metrics, followed.take());
        const globalStep = learner.globalStep();
        const isEnough = stopping?.look(globalStep / stepsAnUpdate, globalStep, learner.policy) ?? false;
        return isEnough || globalStep >= untilStep;
      },
      onCheckpoint: (checkpoint) =>
        onCheckpoint?.({
          ...checkpoint,
          stopping: stopping?.state() ?? null,
          ...(warmStart === null ? {} : { warmStart }),
        }),
      ...(signal === undefined ? {} : { signal }),
    });
  signal?.throwIfAborted();
  for (const environment of environments) environment.close();
  const { best = null, isEnough = false, looks = [] } = stopping?.state() ?? {};
  return {
    policy: best?.policy ?? learner.policy(),
    last: learner.policy(),
    steps: learner.globalStep(),
    chosen:
      best === null
        ? null
        : { globalStep: best.globalStep, sharpe: best.sharpe, hasStopped: isEnough, luck: choiceLuck(looks) },
    warmStart,
  };
}
