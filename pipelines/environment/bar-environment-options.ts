import type { AccountState } from '../../operators/account/account-state.ts';
import type { BarAssumptions } from '../../operators/matching/bar-exchange.ts';
import type { Reward } from '../../operators/rewards/reward.ts';
import type { BarTape, FundingColumns } from '../../streams/tape/bar-tape.ts';
import type { BarSimulation } from '../simulation/bar-simulation.ts';
import type { StrategyDefinition } from '../simulation/strategy.ts';
import type { AccountInfo } from './account-info.ts';
import type { BarActions } from './bar-actions.ts';
import type { BarFeatures } from './bar-features.ts';
import type { PositionSize } from './bar-target.ts';
import type { Normalisation } from './normalisation.ts';
import type { RunTerms } from './run-terms.ts';

/** Terms of a run over candles. */
export interface BarRunTerms extends RunTerms {
  readonly assumptions: BarAssumptions;
}

/** A simulation with its account, before the first candle. */
export interface BarEpisodeRun {
  readonly simulation: BarSimulation;
  readonly account: { readonly state: AccountState; readonly liquidations: number };
  /** Wallet and unrealised profit at a price, quote asset. */
  readonly curve: { equityAt(ticks: number): number };
}

/** Makes one, as `createBarRun` of the backtest does. */
export type CreateBarRun = (
  options: BarRunTerms & {
    readonly bars: BarTape;
    readonly funding: FundingColumns;
    readonly strategy: StrategyDefinition;
    readonly parameters: Readonly<Record<string, number>>;
    readonly seed: number;
  },
) => BarEpisodeRun;

export interface EpisodeOptions {
  /** Where one begins: somewhere in the span, or at the first candle where it can. */
  readonly begin: 'random' | 'first';
  /** Greatest length, steps; to the end of the data where it is not said. */
  readonly maxSteps?: number;
  /** ms since the epoch; the second is not included. The whole tape where they are not said. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Candles without a hole that must be behind the first decision; 1 where it is not said. */
  readonly warmUpBars?: number;
  /** Whether an episode goes on over missing candles, and where features are not valid; not where it is not said. */
  readonly mayCrossInvalid?: boolean;
}

export interface BarEnvironmentOptions extends BarRunTerms {
  /** `createBarRun`: the one simulator, with account, fees, funding and liquidation. */
  readonly createRun: CreateBarRun;
  readonly bars: BarTape;
  /** The tape's own where it is not said. */
  readonly funding?: FundingColumns;
  /** What `barFeatures` made of these candles. */
  readonly features: BarFeatures;
  /** Features are observed as they are where it is not said. */
  readonly normalisation?: Normalisation;
  readonly actions: BarActions;
  /** What the target 1 means. */
  readonly size: PositionSize;
  /** Its own: no other environment may have it. */
  readonly reward: Reward;
  readonly episode: EpisodeOptions;
  /** Of chance before a `reset` says another; 1 where it is not said. */
  readonly seed?: number;
}

/** What an environment of candles says beside the observation. Lent. */
export type BarInfo = AccountInfo & {
  /** The candle's number on the tape. */
  bar: number;
};
