import type { Comparison } from '../evaluate/figures.ts';
import type { TestedFigures } from '../model/model.ts';
import type { Span } from '../run/bar-data.ts';
import type { BookConfig } from './book-config.ts';

/** All that decides on what a run on the book comes to. Plain data. */
export interface BookRunIdentity {
  /** With every default. */
  readonly config: BookConfig;
  readonly recording: string;
  readonly fromEntryId: string;
  readonly toEntryId: string;
  readonly train: Span;
  readonly test: Span;
  readonly backend: string;
  readonly codeVersion: string;
}

/** What a pass came to. */
export type BookFigures = Omit<TestedFigures, 'aboveHolding'>;

export interface BookSeedReport {
  readonly seed: number;
  /** That were learned from. */
  readonly steps: number;
  readonly updates: number;
  /** Mean return of episodes at so many places of the training, in order; null before the first ended one. */
  readonly curve: readonly (number | null)[];
  readonly trained: BookFigures;
  readonly tested: BookFigures;
}

/** Agents and what they are compared with, on the test part. */
export interface BookJudgement {
  readonly periodMs: number;
  readonly seeds: readonly Pick<BookSeedReport, 'seed' | 'trained' | 'tested'>[];
  /** Of the seeds' returns, period by period. */
  readonly average: BookFigures;
  readonly rules: readonly BookFigures[];
  /** The seeds' own decisions at other times. */
  readonly random: BookFigures & {
    readonly tries: number;
    /** In which they gained, on average, as much as at their own time, or more. */
    readonly asGood: number;
  };
  /** Of the average, with each rule and with random. */
  readonly comparisons: readonly Comparison[];
  /** Share of the test's decisions at which the book was valid. */
  readonly validShare: number;
}

/** What a run on the book came to. Plain data, the same bytes for the same run. */
export interface BookRunReport extends BookRunIdentity, Omit<BookJudgement, 'seeds'> {
  readonly id: string;
  readonly seeds: readonly BookSeedReport[];
  /** In words. */
  readonly verdict: string;
}
