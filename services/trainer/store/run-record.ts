import type { Metrics } from '../algorithms/learner.ts';
import type { RunConfig } from '../run/run-config.ts';
import type { RunSummary } from '../run/run-report.ts';

export const RUN_STATUSES = ['running', 'done', 'failed', 'stopped'] as const;
/** `running` is also one whose process was killed; `stopped`: cancelled, or its process ended. Both go on when they are asked for again. */
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Times are µs since the epoch; the second of a span is not included. */
interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** What PostgreSQL says of a run. Plain data. */
export interface RunRecord {
  readonly id: string;
  readonly status: RunStatus;
  readonly instrument: string;
  /** Of its candles; on a book when decisions are due, such as `100 ms`. */
  readonly interval: string;
  readonly recording: string;
  readonly fromEntryId: string;
  readonly toEntryId: string;
  readonly train: TimeSpan;
  readonly test: TimeSpan;
  readonly seeds: readonly number[];
  /** With every default. */
  readonly config: RunConfig;
  /** Of the reward's file; null: the reward is one of Don's. */
  readonly rewardHash: string | null;
  readonly backend: string;
  readonly codeVersion: string;
  /** How often it was begun or taken up again. */
  readonly starts: number;
  readonly createdTime: number;
  /** When it was begun or taken up last. */
  readonly startedTime: number;
  readonly endedTime: number | null;
  /** Why it failed. */
  readonly error: string | null;
  /** What it came to; null until it is done. */
  readonly summary: RunSummary | null;
}

/** How far a seed is. */
export interface SeedProgress {
  readonly seed: number;
  /** Steps of all its environments together. */
  readonly step: number;
}

/** A run as a list has it. */
export interface ListedRun extends RunRecord {
  /** Of the seeds that have begun; null: it does not run. */
  readonly progress: readonly SeedProgress[] | null;
}

/** One update of a seed. */
export interface RunMetrics {
  readonly seed: number;
  /** Steps of all the seed's environments together. */
  readonly step: number;
  readonly metrics: Metrics;
  /** When it was written, µs since the epoch. */
  readonly time: number;
}

/** Where a list of runs goes on: behind this one. */
export interface RunPlace {
  /** µs since the epoch. */
  readonly createdTime: number;
  readonly id: string;
}

/** Where a list of metrics goes on: behind this update. */
export interface MetricsPlace {
  readonly step: number;
  readonly seed: number;
}

/** What the topic `run:ID` tells. */
export type RunEvent =
  | {
      readonly type: 'metrics';
      readonly seed: number;
      readonly step: number;
      readonly metrics: Metrics;
    }
  | { readonly type: 'status'; readonly status: RunStatus; readonly error: string | null };
