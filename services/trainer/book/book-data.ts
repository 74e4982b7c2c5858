import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import { type NamedReward, rewardNamed } from '../../../operators/rewards/rewards.ts';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import type { PositionSize } from '../../../pipelines/environment/bar-target.ts';
import type { BookActions } from '../../../pipelines/environment/book-actions.ts';
import { type BookEnvironment, createBookEnvironment } from '../../../pipelines/environment/book-environment.ts';
import type { BookEpisodeOptions } from '../../../pipelines/environment/book-environment-options.ts';
import type { BookTape } from '../../../pipelines/environment/book-tape.ts';
import type { Normalisation } from '../../../pipelines/environment/normalisation.ts';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import { latencyOf } from '../../backtest/latency-of.ts';
import { createMarketRun } from '../../backtest/market-run.ts';
import type { RewardFile } from '../run/reward-file.ts';
import { bookClock } from './book-clock.ts';
import type { BookConfig } from './book-config.ts';
import type { BookPart } from './book-part.ts';

/** What every environment of a run has in common. */
export interface BookTerms {
  readonly config: BookConfig;
  readonly scale: Scale;
  /** Fitted on the training part alone; undefined: values are observed as they are. */
  readonly normalisation: Normalisation | undefined;
  /** Of the config's file; undefined: the config names one of Don's. */
  readonly ownReward?: RewardFile | undefined;
}

/** A recorded book with all that is the same for every run over it. */
export interface BookData extends BookTerms {
  readonly train: BookPart;
  /** Of it: what is learned of, and its end, which is only looked at; null: all of it is learned of. */
  readonly learned: BookPart;
  readonly validation: BookPart | null;
  readonly test: BookPart;
}

/** What someone does in place of what the config's agents may: the market and its costs are the same. */
export interface OtherHands {
  readonly actions: BookActions;
  readonly size: PositionSize;
}

/** An environment over a part of the recording. @param hands of one that does not act as the agents do */
export function bookEnvironment(
  { config, scale, normalisation, ownReward }: BookTerms,
  tape: BookTape,
  episode: BookEpisodeOptions,
  seed: number,
  hands: OtherHands = config,
): BookEnvironment {
  const { instrument, every, levels, distance, reward, queue, latency, balance, leverage, feeTier } = config;
  return createBookEnvironment({
    createRun: createMarketRun,
    tape,
    clock: bookClock(every),
    instrument,
    scale,
    levels,
    distance,
    features: config.features as readonly WantedFeature[],
    ...(normalisation === undefined ? {} : { normalisation }),
    actions: hands.actions,
    size: hands.size,
    reward: ownReward?.create() ?? rewardNamed(reward as NamedReward),
    episode,
    queue: QUEUE_MODELS[queue]!,
    latency: latencyOf(latency)!,
    balance,
    leverage,
    feeTier,
    limits: DEFAULT_RISK_LIMITS,
    seed,
  });
}
