import { usualPeriodMs } from '../../../operators/performance/period-returns.ts';
import { hash32, random } from '../../../operators/random.ts';
import type { Backend } from '../backend/backend.ts';
import type { BarData } from '../run/bar-data.ts';
import { trainAndJudge } from '../run/train-run.ts';
import { dataOver, shuffledMoves } from './altered-data.ts';
import type { EvaluationReport, FoldReport, LeakageReport } from './evaluation-report.ts';
import { evaluationVerdict } from './evaluation-verdict.ts';
import { type Fold, type FoldsOptions, foldsOf } from './folds.ts';
import { type Looks, trialOf } from './look.ts';
import { foreknownFeatures, tellingFeatures } from './looks-ahead.ts';
import {
  evaluateSpan,
  joinedSpans,
  type NamedPolicy,
  type SpanEvaluation,
  type SpanOptions,
} from './span-evaluation.ts';
import { spanReport } from './span-report.ts';

export interface EvaluateOptions extends FoldsOptions, Omit<SpanOptions, 'periodMs'> {
  /** What was looked at on these candles before; nothing where it is not said. */
  readonly looks?: Looks;
  /** Configurations that `looks` knows nothing of; 0 where it is not said. */
  readonly tried?: number;
  readonly signal?: AbortSignal;
  /** Trainings that have ended, and what is under way. */
  readonly onProgress?: (progress: EvaluationProgress) => void;
}

export interface EvaluationProgress {
  readonly done: number;
  readonly of: number;
  readonly what: string;
}

interface TrainedFold {
  readonly data: BarData;
  readonly policies: readonly NamedPolicy[];
  /** Sharpe ratios a year on the span that was learned from. */
  readonly inSample: readonly (number | null)[];
}

/**
 * Trains and judges on each fold of a walk-forward, again with the moves shuffled on its last fold, and at last over the
 * whole training span for the test span, which nothing before has touched.
 */
export async function evaluateConfig(
  data: BarData,
  backend: Backend,
  options: EvaluateOptions,
): Promise<EvaluationReport> {
  const { tried, looks, signal, onProgress, turns, delays } = options;
  const spanOptions = { ...(turns === undefined ? {} : { turns }), ...(delays === undefined ? {} : { delays }) };
  const { seeds, instrument, interval } = data.config;
  const trials = seeds.map((seed) => trialOf(data.config, seed));
  const before = { trials, looks, tried };
  const { folds, final, purgeMs, embargoMs } = foldsOf(data, options);
  const trainings = (folds.length + 2) * seeds.length;
  // Cheap, and so before what takes hours.
  const columns = { foreknown: foreknownFeatures(data), telling: tellingFeatures(data, final.train) };
  let begun = 0;

  async function trained(what: string, onFold: BarData): Promise<TrainedFold> {
    let current = -1;
    const { runs } = await trainAndJudge(onFold, backend, {
      ...(signal === undefined ? {} : { signal }),
      onMetrics(seed) {
        if (seed === current) return;
        current = seed;
        onProgress?.({ done: begun++, of: trainings, what: `${what}, seed ${seed}` });
      },
    });
    return {
      data: onFold,
      policies: runs.map(({ seed, policy }) => ({ name: `seed ${seed}`, policy })),
      inSample: runs.map((run) => run.trained.sharpe),
    };
  }

  const testMs = folds.reduce((sum, { test }) => sum + test.toMs - test.fromMs, 0);
  const periodMs = usualPeriodMs(testMs);
  const parts: SpanEvaluation[] = [];
  const foldReports: FoldReport[] = [];
  for (const [n, fold] of folds.entries()) {
    const {
      data: onFold,
      policies,
      inSample,
    } = await trained(`fold ${n + 1} of ${folds.length}`, dataOver(data, fold));
    const part = evaluateSpan(onFold, fold.test, policies, { ...spanOptions, periodMs });
    parts.push(part);
    const { agents, average, rules } = spanReport(part);
    const outOfSample = agents.map(({ costed }) => costed.sharpe);
    foldReports.push({ ...fold, inSample, outOfSample, average: average.costed, holding: holdingOf(rules).costed });
  }

  const walked = spanReport(joinedSpans(parts), before);
  const labels = await shuffledLabels(folds.at(-1)!, parts.at(-1)!);
  const { data: onAll, policies } = await trained('test span', dataOver(data, final));
  const tested = spanReport(evaluateSpan(onAll, final.test, policies, spanOptions), before);
  const report = {
    of: { instrument, interval, trials },
    backend: backend.name,
    seeds,
    purgeMs,
    embargoMs,
    folds: foldReports,
    walkForward: walked,
    test: { train: final.train, ...tested },
    leakage: { ...columns, labels },
  };
  return { ...report, verdict: evaluationVerdict(report) };

  async function shuffledLabels(fold: Fold, real: SpanEvaluation): Promise<LeakageReport['labels']> {
    const spans = [fold.train, fold.test];
    const shuffled = shuffledMoves(dataOver(data, fold), spans, random(hash32('shuffled')));
    const { policies } = await trained('shuffled', shuffled);
    const part = evaluateSpan(shuffled, fold.test, policies, { periodMs, turns: 0, delays: [] });
    const { average, comparisons } = spanReport(part);
    return {
      real: spanReport(real).average.costed,
      shuffled: average.costed,
      comparisons: comparisons.filter(({ name }) => name !== 'trend'),
    };
  }
}

function holdingOf<Rule extends { readonly name: string }>(rules: readonly Rule[]): Rule {
  return rules.find(({ name }) => name === 'holding')!;
}
