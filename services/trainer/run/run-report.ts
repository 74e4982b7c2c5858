import type { Metrics } from '../algorithms/learner.ts';
import type { Comparison } from '../evaluate/figures.ts';
import type { TestedFigures } from '../model/model.ts';
import type { Span } from './bar-data.ts';
import type { Judgement } from './judge.ts';
import type { Run, RunIdentity } from './run-identity.ts';
import type { StudyOutcome } from './run-study.ts';
import type { Chosen } from './train-seed.ts';
import type { JudgedSeed } from './training.ts';
import type { WarmStartOutcome } from './warm-start.ts';

/** What a run came to. Plain data, the same bytes for the same run. */
export interface RunReport extends RunIdentity {
  readonly id: string;
  /** Of the training span: what is looked at and not learned of; null: none. */
  readonly validation: Span | null;
  /** How the settings of ppo were chosen, in place of the config's; null: they were not. */
  readonly study: StudyOutcome | null;
  readonly seeds: readonly SeedReport[];
  /** On the test span. */
  readonly baselines: readonly TestedFigures[];
  /** In words. */
  readonly verdict: string;
  /** Of a run on an order book. */
  readonly book?: BookOutcome;
}

/** What only runs on an order book say. */
export interface BookOutcome {
  /** Of the seeds' returns on the test span, period by period. */
  readonly average: TestedFigures;
  /** Of the average, with each rule, and with the mean of the tries at other times. */
  readonly comparisons: readonly Comparison[];
  /** How often the seeds' own decisions were tried at other times: the baseline `random` is the middle one, by what it gained. */
  readonly tries: number;
  /** In how many of them they gained, on average, as much as at their own time, or more. */
  readonly asGood: number;
  /** Share of the test's decisions at which the book was valid. */
  readonly validShare: number;
}

export interface SeedReport {
  readonly seed: number;
  /** Id of the model that it has become. */
  readonly model: string;
  /** That were learned from. */
  readonly steps: number;
  readonly updates: number;
  /** Which of its policies the model is; null: the last one. */
  readonly chosen: Chosen | null;
  /** How the policy that it began with was cloned; not there where it began by chance. */
  readonly warmStart?: WarmStartOutcome;
  /** Mean return of episodes at so many places of the training, in order; null before the first ended one. */
  readonly curve: readonly (number | null)[];
  readonly trained: TestedFigures;
  readonly tested: TestedFigures;
}

/** What a seed's thread tells when it is done. */
export interface SeedOutcome extends JudgedSeed {
  readonly seed: number;
  readonly steps: number;
  readonly chosen: Chosen | null;
  readonly warmStart: WarmStartOutcome | null;
  readonly metrics: readonly Metrics[];
}

const CURVE_POINTS = 32;

export function seedReport(outcome: SeedOutcome, model: string): SeedReport {
  const { seed, steps, chosen, warmStart, metrics, trained, tested } = outcome;
  return {
    seed,
    model,
    steps,
    updates: metrics.length,
    chosen,
    ...(warmStart === null ? {} : { warmStart }),
    curve: curveOf(metrics, CURVE_POINTS),
    trained: figures(trained),
    tested: figures(tested),
  };
}

/** Mean episode returns, at equal distances, the last one included. */
export function curveOf(metrics: readonly Metrics[], points: number): (number | null)[] {
  const count = Math.min(points, metrics.length);
  return Array.from({ length: count }, (_, n) => {
    const at = Math.ceil(((n + 1) * metrics.length) / count) - 1;
    return metrics[at]!['episodeReturnMean'] ?? null;
  });
}

export function figures({ returns: _, ...rest }: Judgement): TestedFigures {
  return rest;
}

/** What is kept of a report beside what the run is. */
export type RunSummary = Omit<RunReport, keyof RunIdentity | 'id'>;

export function summaryOf({ validation, study, seeds, baselines, verdict, book }: RunReport): RunSummary {
  return { validation, study, seeds, baselines, verdict, ...(book === undefined ? {} : { book }) };
}

export function reportOf({ id, identity }: Run, summary: RunSummary): RunReport {
  return { id, ...identity, ...summary };
}
