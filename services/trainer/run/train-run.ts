import type { Metrics } from '../algorithms/learner.ts';
import { openPolicy, type PolicyData } from '../algorithms/policy.ts';
import type { PpoCheckpoint } from '../algorithms/ppo.ts';
import type { Backend } from '../backend/backend.ts';
import type { BarData } from './bar-data.ts';
import { baselines } from './baselines.ts';
import { type Judgement, judge } from './judge.ts';
import { passOver } from './pass.ts';
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
  readonly onCheckpoint?: (seed: number, checkpoint: PpoCheckpoint) => void;
  readonly signal?: AbortSignal;
}

/** What a policy is worth on the training span and on the test span. */
export interface JudgedSeed {
  readonly trained: Judgement;
  readonly tested: Judgement;
  /** Share of the decisions on the test span that changed the target. */
  readonly changes: number;
}

/** Trains an agent for each seed in this thread, one after another, and judges each on the test span, beside the baselines. */
export async function trainAndJudge(
  data: BarData,
  backend: Backend,
  { onMetrics, onCheckpoint, signal }: TrainRunOptions = {},
): Promise<TrainReport> {
  const runs: SeedRun[] = [];
  let changes = 0;
  for (const seed of data.config.seeds) {
    const startedMs = performance.now();
    const metrics: Metrics[] = [];
    const { policy, steps } = await trainSeed(data, backend, seed, {
      onMetrics(said) {
        metrics.push(said);
        onMetrics?.(seed, said);
      },
      onCheckpoint: (checkpoint) => onCheckpoint?.(seed, checkpoint),
      signal,
    });
    const judged = judgeSeed(data, seed, policy);
    changes += judged.changes / data.config.seeds.length;
    const seconds = (performance.now() - startedMs) / 1_000;
    runs.push({ seed, policy, steps, seconds, metrics, trained: judged.trained, tested: judged.tested });
  }
  return { backend: backend.name, runs, baselines: judgedBaselines(data, changes) };
}

export function judgeSeed(data: BarData, seed: number, policy: PolicyData): JudgedSeed {
  const decide = openPolicy(policy);
  const tested = passOver(data, data.test, decide);
  // A network with a memory begins each span with nothing.
  decide.reset();
  const trained = passOver(data, data.train, decide);
  return {
    trained: judge(`seed ${seed}, trained on`, trained, data.train),
    tested: judge(`seed ${seed}`, tested, data.test),
    changes: tested.changes,
  };
}

/** @param changes share of the decisions at which the agents changed their target */
export function judgedBaselines(data: BarData, changes: number): Judgement[] {
  return baselines(data, changes).map(({ name, decide }) => judge(name, passOver(data, data.test, decide), data.test));
}
