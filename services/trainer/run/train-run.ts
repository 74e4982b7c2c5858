import type { Metrics } from '../algorithms/learner.ts';
import { openPolicy, type PolicyData } from '../algorithms/policy.ts';
import { createPpo, type PpoCheckpoint } from '../algorithms/ppo.ts';
import { train } from '../algorithms/train.ts';
import type { Backend } from '../backend/backend.ts';
import { type BarData, environmentOf } from './bar-data.ts';
import { baselines } from './baselines.ts';
import { type Judgement, judge } from './judge.ts';
import { passOver } from './pass.ts';

/** What one seed came to. */
export interface SeedRun {
  readonly seed: number;
  readonly policy: PolicyData;
  readonly steps: number;
  readonly seconds: number;
  /** Of each update. */
  readonly metrics: readonly Metrics[];
  readonly trained: Judgement;
  readonly tested: Judgement;
}

export interface TrainReport {
  readonly backend: Backend['name'];
  readonly runs: readonly SeedRun[];
  /** On the test span. */
  readonly baselines: readonly Judgement[];
}

export interface TrainRunOptions {
  readonly onMetrics?: (seed: number, metrics: Metrics) => void;
  readonly onCheckpoint?: (seed: number, checkpoint: PpoCheckpoint) => void;
  readonly signal?: AbortSignal;
}

/** Updates between two checkpoints. */
const CHECKPOINT_EVERY = 10;

/** Trains an agent for each seed on the training span, and judges each on the test span, beside the baselines. */
export async function trainAndJudge(
  data: BarData,
  backend: Backend,
  { onMetrics, onCheckpoint, signal }: TrainRunOptions = {},
): Promise<TrainReport> {
  const { config } = data;
  const runs: SeedRun[] = [];
  let changes = 0;
  for (const seed of config.seeds) {
    const startedMs = performance.now();
    const episode = { begin: 'random', maxSteps: config.episodeSteps, ...data.train } as const;
    const environments = Array.from({ length: config.environments }, (_, n) =>
      environmentOf(data, episode, seed * 1_000 + n),
    );
    const learner = createPpo(backend, environments, config.ppo, seed);
    const metrics: Metrics[] = [];
    await train(learner, {
      checkpointEvery: CHECKPOINT_EVERY,
      onMetrics: (said) => {
        metrics.push(said);
        onMetrics?.(seed, said);
        return false;
      },
      onCheckpoint: (checkpoint) => onCheckpoint?.(seed, checkpoint),
      ...(signal === undefined ? {} : { signal }),
    });
    signal?.throwIfAborted();
    const policy = learner.policy();
    const decide = openPolicy(policy);
    const tested = passOver(data, data.test, decide);
    changes += tested.changes / config.seeds.length;
    runs.push({
      seed,
      policy,
      steps: learner.globalStep(),
      seconds: (performance.now() - startedMs) / 1_000,
      metrics,
      trained: judge(`seed ${seed}, trained on`, passOver(data, data.train, decide), data.train),
      tested: judge(`seed ${seed}`, tested, data.test),
    });
  }
  const compared = baselines(data, changes).map(({ name, decide }) =>
    judge(name, passOver(data, data.test, decide), data.test),
  );
  return { backend: backend.name, runs, baselines: compared };
}
