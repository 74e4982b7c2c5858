import type { Parameters } from '../../../operators/features/definition.ts';
import type { Interval } from '../../../operators/performance/interval.ts';
import type { WalkForwardWindow } from '../../../operators/search/walk-forward.ts';
import type { StudySettings } from '../study.ts';
import type { TrialFigures } from '../trial.ts';

/**
 * What a study found, as plain JSON: shares are fractions, ratios are of a year, times are ms since the epoch. `null` is a
 * figure without an answer. Only `result` is one: it is of spans that nothing was chosen by.
 */
export interface StudyReport {
  /** Raised when a field changes its meaning. */
  readonly format: 1;
  readonly id: string;
  readonly settings: StudySettings;
  /** In a few sentences, for people. */
  readonly verdict: string;
  readonly result: OutOfSample;
  /** How the parameters were come by. No figure of it says what they will earn. */
  readonly inSample: InSample;
  /** How the figures were made, and what the reader must know. */
  readonly notes: readonly string[];
}

/** The test spans, one behind the other. */
export interface OutOfSample {
  readonly fromMs: number;
  readonly toMs: number;
  /** Returns, and how long each is of. */
  readonly periods: number;
  readonly periodMs: number;
  /** Each span's gain on what the one before left. */
  readonly total: number;
  /** Of one period. */
  readonly mean: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly volatility: number | null;
  /** At the ends of periods. */
  readonly maxDrawdown: number;
  /** Probability that the true Sharpe ratio is above 0. */
  readonly probabilisticSharpe: number | null;
  readonly fills: number;
  readonly liquidations: number;
  /** Of holding the instrument over the same spans, without costs. */
  readonly holding: number | null;
  /** Mean return of one period above holding. */
  readonly meanActive: number | null;
  /** By the stationary bootstrap; null: too few periods, or nothing moved. */
  readonly intervals: {
    readonly level: number;
    /** Of one period. */
    readonly meanReturn: Interval | null;
    readonly sharpe: Interval | null;
    readonly maxDrawdown: Interval | null;
    readonly activeReturn: Interval | null;
  };
  readonly spans: readonly TestSpan[];
  /** What 1 had become at the end of each period, and by holding. */
  readonly growth: {
    readonly endsMs: readonly number[];
    readonly own: readonly number[];
    readonly held: readonly number[];
  };
}

export interface TestSpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Those that were varied, as they were chosen before. */
  readonly parameters: Parameters;
  /** null: the strategy failed, which counts as no gain and no loss. */
  readonly figures: TrialFigures | null;
  readonly failure: string | null;
  readonly holding: number | null;
}

export interface InSample {
  /** That it is no result, in words, for who sees this part alone. */
  readonly says: string;
  readonly windows: readonly SearchedWindow[];
  /** Of the last training span, which is nearest to now. */
  readonly pareto: ParetoTable;
  readonly stability: readonly ParameterStability[];
}

export interface SearchedWindow extends WalkForwardWindow {
  /** Different points. */
  readonly trials: number;
  readonly failed: number;
  /** Reasons of failures, the most frequent first. */
  readonly failures: readonly { readonly reason: string; readonly count: number }[];
  /** How many independent trials they are worth. */
  readonly effectiveTrials: number;
  readonly chosen: JudgedPoint;
  /** Probability that the chosen one's true Sharpe ratio is above that of the luckiest of so many trials. */
  readonly deflatedSharpe: number | null;
  /** White's reality check against doing nothing: probability of so good a best mean where none is any good. */
  readonly realityCheck: number | null;
  /** Probability of backtest overfitting (CSCV): how often the best of one half was below the median of the other. */
  readonly overfitting: number | null;
  readonly beside: Neighbourhood | null;
}

export interface JudgedPoint {
  readonly parameters: Parameters;
  /** By name. */
  readonly objectives: Readonly<Record<string, number | null>>;
}

/** How much worse the points beside the chosen one are, by the first objective. */
export interface Neighbourhood {
  readonly points: number;
  readonly median: number | null;
  readonly worst: number | null;
}

export interface ParetoTable {
  readonly fromMs: number;
  readonly toMs: number;
  /** How many points are on the front; the first ones are listed. */
  readonly points: number;
  readonly front: readonly (JudgedPoint & { readonly isChosen: boolean })[];
}

/** Of the values that were chosen in the windows. */
export interface ParameterStability {
  readonly name: string;
  readonly least: number;
  readonly median: number;
  readonly most: number;
  /** Spread of the values in shares of the range that was searched: 0 is the same each time. */
  readonly spread: number;
}
