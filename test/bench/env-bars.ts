import { dirname, join } from 'node:path';
import { constantLatency } from '../../operators/matching/latency.ts';
import { rewardNamed } from '../../operators/rewards/rewards.ts';
import { DEFAULT_RISK_LIMITS } from '../../operators/risk/risk-limits.ts';
import { createBarEnvironment } from '../../pipelines/environment/bar-environment.ts';
import { barFeatures } from '../../pipelines/environment/bar-features.ts';
import type { Environment } from '../../pipelines/environment/environment.ts';
import { fitNormalisation } from '../../pipelines/environment/normalisation.ts';
import type { WantedFeature } from '../../pipelines/simulation/strategy-features.ts';
import { BAR_ASSUMPTIONS, createBarRun } from '../../services/backtest/bar-run.ts';
import { createScale } from '../../streams/events/scale.ts';
import type { BarTape } from '../../streams/tape/bar-tape.ts';
import { madeBars, recordedBars } from './backtest-bars.ts';
import { type Bench, timeInTurn } from './bench.ts';
import { rlPeer } from './rl-peer.ts';

const SCALE = createScale('0.1', '0.001');
const STEPS = 100_000;
/** How long a position is held, candles. */
const HELD = 10;

const FEATURES: readonly WantedFeature[] = [
  { feature: 'rsi' },
  { feature: 'natr' },
  { feature: 'cci' },
  { feature: 'adx', outputs: ['adx'] },
  { feature: 'money_flow_index' },
  { feature: 'chaikin_money_flow' },
  { feature: 'z_score', column: 'z_score_48', parameters: { period: 48 } },
  { feature: 'rate_of_change', column: 'roc_1', parameters: { period: 1 } },
  { feature: 'rate_of_change', column: 'roc_12', parameters: { period: 12 } },
  { feature: 'rate_of_change', column: 'roc_48', parameters: { period: 48 } },
];

export default {
  name: 'env-bars',
  summary: `steps/s, one environment, 5-minute bars, 10 features and the account, through orders, fees, funding and liquidation; long and short in turn, ${HELD} bars each`,
  target: { of: 'ratio', at: 'least', bound: 10 },
  async run(context) {
    const { captures } = context;
    const recorded = captures === undefined ? undefined : recordedBars(join(dirname(captures), 'klines'));
    const environment = createdOn(recorded ?? madeBars());
    const works = [HELD, 1].map((held) => () => steps(environment, held));
    const [ms = 0, eachBarMs = 0] = timeInTurn(works);
    const peers = recorded === undefined ? [] : await rlPeer(context, 'envs');
    const peer = peers.find(({ name }) => name.startsWith('gym-anytrading'))?.value;
    const value = STEPS / ms / 1_000;
    const eachBar = `${(STEPS / eachBarMs / 1_000).toFixed(2)} M steps/s where the position turns each bar`;
    return {
      name: 'env-bars',
      value,
      unit: 'M steps/s',
      reference: peer === undefined ? null : 'gym-anytrading, which turns its position each bar',
      referenceValue: peer === undefined ? null : peer / 1e6,
      ratio: peer === undefined ? null : (value * 1e6) / peer,
      note: recorded === undefined ? `made bars; ${eachBar}` : eachBar,
    };
  },
} satisfies Bench;

/** The environment that is measured, on half of the bars. */
export function createdOn(bars: BarTape): Environment {
  const features = barFeatures({ bars, scale: SCALE, features: FEATURES });
  const { openTimesMs } = bars;
  const [fromMs, toMs] = [openTimesMs[0]!, openTimesMs[openTimesMs.length >> 1]!];
  return createBarEnvironment({
    createRun: createBarRun,
    bars,
    features,
    normalisation: fitNormalisation({ features, bars, fromMs, toMs }),
    instrument: 'binance-usdm:BTCUSDT',
    scale: SCALE,
    actions: { type: 'flat-long-short' },
    size: { qty: 0.001 },
    reward: rewardNamed({ name: 'pnl' }),
    episode: { begin: 'random', maxSteps: 2_000 },
    assumptions: BAR_ASSUMPTIONS,
    latency: constantLatency(5, 5),
    balance: 100_000,
    leverage: 5,
    feeTier: 0,
    limits: DEFAULT_RISK_LIMITS,
  });
}

/** Long and short in turn, over episodes that begin anywhere. */
function steps(environment: Environment, held: number): void {
  environment.reset({ seed: 1 });
  let [trades, action, left] = [0, 1, held];
  for (let n = 0; n < STEPS; n++) {
    if (left-- === 0) [action, left] = [3 - action, held - 1];
    const { terminated, truncated, info } = environment.step(action);
    if (!terminated && !truncated) continue;
    trades += Number(info['filled']);
    environment.reset();
  }
  const least = (0.9 * STEPS) / held;
  if (trades < least) throw new Error(`env-bars: expected at least ${least} orders that were filled, found ${trades}`);
}
