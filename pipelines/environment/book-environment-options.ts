import type { AccountState } from '../../operators/account/account-state.ts';
import type { LatencyModel } from '../../operators/matching/latency.ts';
import type { QueueModel } from '../../operators/matching/queue-model.ts';
import type { Reward } from '../../operators/rewards/reward.ts';
import type { RiskLimits } from '../../operators/risk/risk-limits.ts';
import type { Scale } from '../../streams/events/scale.ts';
import type { QuietPrices } from '../simulation/pass-trades.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { SimulationListener } from '../simulation/simulation-listener.ts';
import type { StrategyDefinition } from '../simulation/strategy.ts';
import type { WantedFeature } from '../simulation/strategy-features.ts';
import type { EpisodeEnd } from './bar-environment-options.ts';
import type { PositionSize } from './bar-target.ts';
import type { BookActions } from './book-actions.ts';
import type { DistanceUnit } from './book-observation.ts';
import type { BookTape } from './book-tape.ts';
import type { Normalisation } from './normalisation.ts';

/** Terms of the account and of the market, as a backtest has them. */
export interface BookRunTerms {
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly scale: Scale;
  readonly queue: QueueModel;
  readonly latency: LatencyModel;
  /** Quote asset. */
  readonly balance: number;
  readonly leverage: number;
  /** VIP level. */
  readonly feeTier: number;
  readonly limits: RiskLimits;
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

/** When decisions are due: at multiples of a time since the epoch, or each so many events of the book and trades. */
export type DecisionClock = { readonly everyMs: number } | { readonly everyEvents: number };

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

/** What an environment on a book says beside the observation. Lent. */
export type BookInfo = {
  /** Of the decision that is due, ms since the epoch. */
  timeMs: number;
  /** What the exchange has of the account: wallet and unrealised profit at the mark price, quote asset. */
  equity: number;
  /** The mark price: the last trade's where none is recorded. Quote asset. */
  price: number;
  /** Base asset, negative: short; and the one that was wanted, which is what it was where quotes are. */
  position: number;
  target: number;
  /** Since the episode began, quote asset: fees that were paid, funding that was received. */
  fees: number;
  funding: number;
  /** Orders since the episode began: sent, filled, and stopped by a risk limit. */
  sent: number;
  filled: number;
  stopped: number;
  liquidations: number;
  end: EpisodeEnd;
};
