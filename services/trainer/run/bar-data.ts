import { BadInput } from '../../../infra/setup-error.ts';
import type { NamedReward } from '../../../operators/rewards/rewards.ts';
import { rewardNamed } from '../../../operators/rewards/rewards.ts';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import { type BarEnvironment, createBarEnvironment } from '../../../pipelines/environment/bar-environment.ts';
import type { CreateBarRun, EpisodeOptions } from '../../../pipelines/environment/bar-environment-options.ts';
import { type BarFeatures, barFeatures } from '../../../pipelines/environment/bar-features.ts';
import { fitNormalisation, type Normalisation } from '../../../pipelines/environment/normalisation.ts';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { BAR_ASSUMPTIONS, createBarRun } from '../../backtest/bar-run.ts';
import type { FoundFunding } from '../../backtest/find-funding.ts';
import { latencyOf } from '../../backtest/latency-of.ts';
import { checkWarmUp } from './check-warm-up.ts';
import type { RewardFile } from './reward-file.ts';
import type { TrainConfig } from './train-config.ts';
import type { WarmStrategy } from './warm-strategy.ts';

/** A part of the candles, ms since the epoch; the second is not included. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Candles with all that is the same for every run over them. */
export interface BarData {
  readonly config: TrainConfig;
  readonly bars: BarTape;
  readonly scale: Scale;
  readonly funding: FoundFunding;
  readonly features: BarFeatures;
  /** Fitted on the training span alone. */
  readonly normalisation: Normalisation;
  readonly train: Span;
  readonly test: Span;
  /** Of the config's file; undefined: the config names one of Don's. */
  readonly ownReward?: RewardFile | undefined;
  /** That policies are cloned from; undefined: the config names none. */
  readonly warmStrategy?: WarmStrategy | undefined;
}

/** Of the data where no test span is said. */
const TEST_SHARE = 0.2;

/** @throws BadInput where a span holds no candles, training and test overlap, or a feature is none of bars */
export function barData(
  config: TrainConfig,
  { bars, scale, funding, ...made }: Pick<BarData, 'bars' | 'scale' | 'funding' | 'ownReward' | 'warmStrategy'>,
): BarData {
  const { train, test } = spansOf(config, bars);
  try {
    const features = barFeatures({ bars, scale, features: config.features as readonly WantedFeature[] });
    checkWarmUp(config, bars, train);
    const normalisation = fitNormalisation({ features, bars, ...train });
    return { config, bars, scale, funding, features, normalisation, train, test, ...made };
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(error.message) : error;
  }
}

/** An environment over a part of the candles. @param createRun another one has other costs */
export function environmentOf(
  data: BarData,
  episode: EpisodeOptions,
  seed: number,
  createRun: CreateBarRun = createBarRun,
): BarEnvironment {
  const { config, features, normalisation, ownReward } = data;
  const { actions, equityShare, reward } = config;
  return createBarEnvironment({
    createRun,
    ...runTermsOf(data),
    features,
    normalisation,
    actions,
    size: { equityShare },
    reward: ownReward?.create() ?? rewardNamed(reward as NamedReward),
    episode,
    seed,
  });
}

/** What every run over the candles has, whoever decides. */
export function runTermsOf({ config, bars, scale, funding }: Pick<BarData, 'config' | 'bars' | 'scale' | 'funding'>) {
  const { instrument, balance, leverage, feeTier, latency } = config;
  return {
    bars,
    funding: funding.funding,
    instrument,
    scale,
    balance,
    leverage,
    feeTier,
    latency: latencyOf(latency)!,
    assumptions: BAR_ASSUMPTIONS,
    limits: DEFAULT_RISK_LIMITS,
  };
}

function spansOf({ train, test }: TrainConfig, { openTimesMs, intervalMs }: BarTape): { train: Span; test: Span } {
  const [beginMs, endMs] = [openTimesMs[0]!, openTimesMs.at(-1)! + intervalMs];
  const cutMs = openTimesMs[Math.floor(openTimesMs.length * (1 - TEST_SHARE))]!;
  const spanOf = (said: { from: string; to: string }): Span => ({
    fromMs: Date.parse(said.from),
    toMs: Date.parse(said.to),
  });
  const tested = test === undefined ? { fromMs: cutMs, toMs: endMs } : spanOf(test);
  const trained = train === undefined ? { fromMs: beginMs, toMs: tested.fromMs } : spanOf(train);
  for (const [name, { fromMs, toMs }] of [
    ['train', trained],
    ['test', tested],
  ] as const)
    if (!(fromMs < toMs && fromMs < endMs && toMs > beginMs))
      throw new BadInput(
        `${name}: expected a span with candles, which are from ${iso(beginMs)} to ${iso(endMs)}, found ${iso(fromMs)} to ${iso(toMs)}`,
      );
  if (trained.toMs > tested.fromMs && tested.toMs > trained.fromMs)
    throw new BadInput(
      `test: expected a span that nothing is learned of, found ${iso(tested.fromMs)} to ${iso(tested.toMs)}, which overlaps train (${iso(trained.fromMs)} to ${iso(trained.toMs)})`,
    );
  return { train: trained, test: tested };
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}
