import type { Backend } from '../backend/backend.ts';
import type { Span } from '../run/bar-data.ts';
import type { Comparison, Figures } from './figures.ts';
import type { Fold } from './folds.ts';
import type { ForeknownFeature, TellingFeature } from './looks-ahead.ts';
import type { SpanReport } from './span-report.ts';

/** All that an evaluation says. Plain data. */
export interface EvaluationReport {
  readonly verdict: string;
  readonly of: EvaluationSubject;
  readonly backend: Backend['name'];
  readonly seeds: readonly number[];
  readonly purgeMs: number;
  readonly embargoMs: number;
  readonly folds: readonly FoldReport[];
  /** Of the folds' test spans as one. */
  readonly walkForward: SpanReport;
  /** Of the span that nothing else in this evaluation has touched; `luck.counted` says whether others have. */
  readonly test: SpanReport & { readonly train: Span };
  readonly leakage: LeakageReport;
}

/** What is judged, as later evaluations count it. */
export interface EvaluationSubject {
  readonly instrument: string;
  /** Of the candles. */
  readonly interval: string;
  /** Of each agent, see `trialOf`. */
  readonly trials: readonly string[];
}

/** Sharpe ratios a year, by seed. */
export interface FoldReport extends Fold {
  readonly inSample: readonly (number | null)[];
  readonly outOfSample: readonly (number | null)[];
  /** Out of sample, of the seeds' average and of holding, with costs. */
  readonly average: Figures;
  readonly holding: Figures;
}

export interface LeakageReport {
  readonly foreknown: readonly ForeknownFeature[];
  readonly telling: readonly TellingFeature[];
  /** Trained and judged again on the last fold with the candles' moves shuffled: there is nothing to be known. */
  readonly labels: {
    /** Of the seeds' average on that fold, as the market was. */
    readonly real: Figures;
    readonly shuffled: Figures;
    /** Of what was shuffled, with flat and holding there. */
    readonly comparisons: readonly Comparison[];
  };
}
