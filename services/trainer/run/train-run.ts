import type { AlgorithmCheckpoint } from '../algorithms/algorithm.ts';
import type { Metrics } from '../algorithms/learner.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import type { Backend } from '../backend/backend.ts';
import type { BarData } from './bar-data.ts';
import { barTraining } from './bar-training.ts';
import type { Judgement } from './judge.ts';
import { judgeBarSeed, judgedBaselines } from './judge-bars.ts';
import { trainSeed } from './train-seed.ts';

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
  readonly onCheckpoint?: (seed: number, checkpoint: AlgorithmCheckpoint) => void;
  readonly signal?: AbortSignal;
}

/** Trains an agent for each seed in this thread, one after another, and judges each on the test span, beside the baselines. */
export async function trainAndJudge(
  data: BarData,
  backend: Backend,
  { onMetrics, onCheckpoint, signal }: TrainRunOptions = {},
): Promise<TrainReport> {
  const runs: SeedRun[] = [];
  const training = barTraining(data);
  let changes = 0;
  for (const seed of data.config.seeds) {
    const startedMs = performance.now();
    const metrics: Metrics[] = [];
    const { policy, steps } = await trainSeed(training, backend, seed, {
      onMetrics(said) {
        metrics.push(said);
        onMetrics?.(seed, said);
      },
      onCheckpoint: (checkpoint) => onCheckpoint?.(seed, checkpoint),
      signal,
    });
    const judged = judgeBarSeed(data, seed, policy);
    changes += judged.changes / data.config.seeds.length;
    const seconds = (performance.now() - startedMs) / 1_000;
    runs.push({ seed, policy, steps, seconds, metrics, trained: judged.trained, tested: judged.tested });
  }
  return { backend: backend.name, runs, baselines: judgedBaselines(data, changes) };
}
