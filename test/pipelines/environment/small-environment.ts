import { constantLatency } from '../../../operators/matching/latency.ts';
import { rewardNamed } from '../../../operators/rewards/rewards.ts';
import { DEFAULT_RISK_LIMITS } from '../../../operators/risk/risk-limits.ts';
import { createBarEnvironment } from '../../../pipelines/environment/bar-environment.ts';
import type { BarEnvironmentOptions } from '../../../pipelines/environment/bar-environment-options.ts';
import { barFeatures } from '../../../pipelines/environment/bar-features.ts';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import { BAR_ASSUMPTIONS, createBarRun } from '../../../services/backtest/bar-run.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { type Candle, SCALE } from '../simulation/small-bars.ts';

/** Two features, of which the second speaks from the fifth candle on. */
export const FEATURES: readonly WantedFeature[] = [
  { feature: 'rate_of_change', column: 'roc', parameters: { period: 1 } },
  { feature: 'z_score', column: 'z', parameters: { period: 5 } },
];

export type SmallOptions = Partial<BarEnvironmentOptions> & { readonly wanted?: readonly WantedFeature[] };

/** Options of an environment on candles of a minute. */
export function smallOptions(
  bars: BarTape,
  { wanted = FEATURES, ...options }: SmallOptions = {},
): BarEnvironmentOptions {
  return {
    createRun: createBarRun,
    bars,
    instrument: 'simulated:TEST',
    scale: SCALE,
    features: barFeatures({ bars, scale: SCALE, features: wanted }),
    actions: { type: 'continuous' },
    size: { qty: 10 },
    reward: rewardNamed({ name: 'pnl' }),
    episode: { begin: 'random', maxSteps: 40 },
    assumptions: BAR_ASSUMPTIONS,
    latency: constantLatency(5, 5),
    balance: 2_000,
    leverage: 50,
    feeTier: 0,
    limits: DEFAULT_RISK_LIMITS,
    ...options,
  };
}

export const smallEnvironment = (bars: BarTape, options: SmallOptions = {}) =>
  createBarEnvironment(smallOptions(bars, options));

/** A candle that goes nowhere. */
export const FLAT: Candle = [1_000, 1_000, 1_000, 1_000, 10_000];
/** One on candles written by hand, with a feature that is valid from the first on. */
export const handMade = (bars: BarTape, options: SmallOptions = {}) =>
  createBarEnvironment({
    ...smallOptions(bars, {
      features: { columns: ['one'], definition: '', values: new Float64Array(bars.openTimesMs.length) },
      actions: { type: 'flat-long-short' },
      size: { qty: 50 },
      assumptions: { spreadTicks: 2, slippageBps: 10, volumeShare: 0.1 },
      episode: { begin: 'first' },
      ...options,
    }),
  });

/** Actions of it. */
export const [LONG, SHORT] = [1, 2] as const;
