import { openPolicy, type PolicyData } from '../algorithms/policy.ts';
import { averageOf, type Comparison, comparisonWith } from '../evaluate/figures.ts';
import type { BarData } from './bar-data.ts';
import { baselines } from './baselines.ts';
import { type Judgement, judge } from './judge.ts';
import { passOver } from './pass.ts';
import type { JudgedSeed } from './training.ts';

/** What a policy on candles is worth. */
export interface JudgedBarSeed extends JudgedSeed {
  /** Share of the decisions on the test span that changed the target. */
  readonly changes: number;
}

export function judgeBarSeed(data: BarData, seed: number, policy: PolicyData): JudgedBarSeed {
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

/** Of the seeds' average over the test span, with each baseline. */
export function compareOnBars(seeds: readonly JudgedSeed[], others: readonly Judgement[]): Comparison[] {
  const average = averageOf(seeds.map(({ tested }) => tested.returns));
  return others.map(({ name, returns, periodMs }) => comparisonWith(name, average, returns, periodMs));
}
