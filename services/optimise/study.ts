import type { Parameters } from '../../operators/features/definition.ts';
import type { SearchDimension } from '../../operators/search/search-space.ts';
import type { WalkForwardWindow } from '../../operators/search/walk-forward.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';
import type { TrialMarket } from './run-trial.ts';

/** All that decides on the outcome of a study; it is named by its hash. Plain data. */
export interface StudySettings {
  readonly strategy: string;
  /** SHA-256 of the strategy's file. */
  readonly strategyHash: string;
  readonly instrument: string;
  readonly recording: string;
  /** Parameters that are not varied. */
  readonly set: Parameters;
  readonly space: readonly SearchDimension[];
  readonly search: string;
  /** At most, in each window. */
  readonly trials: number;
  readonly objectives: readonly string[];
  readonly purgeMs: number;
  readonly embargoMs: number;
  readonly isAnchored: boolean;
  readonly windows: readonly WalkForwardWindow[];
  /** Of the returns on test spans. */
  readonly periodMs: number;
  readonly seed: number;
  readonly balance: number;
  readonly leverage: number;
  readonly feeTier: number;
  readonly queue: string;
  readonly latency: string;
  /** Risk limits that have a bound. */
  readonly limits: Readonly<Record<string, number>>;
  /** Versions of the simulator and of the search. */
  readonly simulator: string;
  readonly optimiser: string;
}

/** A study that can be run. */
export interface Study {
  /** First 16 hex digits of the SHA-256 of the settings. */
  readonly id: string;
  readonly settings: StudySettings;
  readonly strategy: LoadedStrategy;
  /** What its trials have in common, but for where tapes are kept. */
  readonly market: Omit<TrialMarket, 'folder'>;
  /** Of the data behind the last test span, ms. */
  readonly leftOverMs: number;
}
