import type { AccountState } from '../../operators/account/account-state.ts';
import type { QueueModel } from '../../operators/matching/queue-model.ts';
import type { Reward } from '../../operators/rewards/reward.ts';
import type { QuietPrices } from '../simulation/pass-trades.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationListener } from '../simulation/simulation-listener.ts';
import type { StrategyDefinition } from '../simulation/strategy.ts';
import type { WantedFeature } from '../simulation/strategy-features.ts';
import type { AccountInfo } from './account-info.ts';
import type { PositionSize } from './bar-target.ts';
import type { BookActions } from './book-actions.ts';
import type { DistanceUnit } from './book-observation.ts';
import type { BookTape } from './book-tape.ts';
import type { DecisionClock } from './decision-clock.ts';
import type { Normalisation } from './normalisation.ts';
import type { RunTerms } from './run-terms.ts';

/** Terms of a run on a recorded book. */
export interface BookRunTerms extends RunTerms {
  readonly queue: QueueModel;
}

/** A simulation with its account, before the first event. */
export interface BookEpisodeRun {
  readonly simulation: Simulation;
  readonly account: { readonly state: AccountState; readonly liquidations: number };
}

/** Makes one, as `createMarketRun` of the backtest does. */
export type CreateBookRun = (
  options: BookRunTerms & {
    readonly strategy: StrategyDefinition;
    readonly parameters: Readonly<Record<string, number>>;
    readonly seed: number;
    readonly sampleMs: number;
    readonly skewUs: number;
    readonly isPaused: () => boolean;
    readonly quiet: QuietPrices;
    readonly listener: Pick<SimulationListener, 'onStopped'>;
  },
) => BookEpisodeRun;

export interface BookEpisodeOptions {
  /** Where one begins: at one of the tape's places, or at the first of them. */
  readonly begin: 'random' | 'first';
  /** Greatest length, steps; to the end of the data where it is not said. */
  readonly maxSteps?: number;
  /** What is heard before the first decision, ms; 0 where it is not said. */
  readonly warmUpMs?: number;
  /** Whether an episode goes on over holes, and where the book is not valid; not where it is not said. */
  readonly mayCrossInvalid?: boolean;
}

export interface BookEnvironmentOptions extends BookRunTerms {
  /** `createMarketRun`: the one simulator, with queue, latency, account, fees, funding and liquidation. */
  readonly createRun: CreateBookRun;
  readonly tape: BookTape;
  readonly clock: DecisionClock;
  /** Levels a side that are observed; 10 where it is not said. */
  readonly levels?: number;
  /** ticks where it is not said. */
  readonly distance?: DistanceUnit;
  /** Features of the catalogue that are observed too; none where it is not said. */
  readonly features?: readonly WantedFeature[];
  /** Of their columns; they are observed as they are where it is not said. */
  readonly normalisation?: Normalisation;
  readonly actions: BookActions;
  /** What the target 1 means, and a quote of size 1. */
  readonly size: PositionSize;
  /** Its own: no other environment may have it. */
  readonly reward: Reward;
  readonly episode: BookEpisodeOptions;
  /** Of chance before a `reset` says another; 1 where it is not said. */
  readonly seed?: number;
}

/** What an environment on a book says beside the observation; equity and price are the exchange's, by the mark price. Lent. */
export type BookInfo = AccountInfo;
