import { suite } from 'uvu';
import { logNormalLatency } from '../../../operators/matching/latency.ts';
import type { NamedReward } from '../../../operators/rewards/rewards.ts';
import { rewardNamed } from '../../../operators/rewards/rewards.ts';
import type { BarActions } from '../../../pipelines/environment/bar-actions.ts';
import { barFeatures } from '../../../pipelines/environment/bar-features.ts';
import { fitNormalisation } from '../../../pipelines/environment/normalisation.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { madeBars } from '../simulation/made-bars.ts';
import { MINUTE_MS, SCALE, START_MS } from '../simulation/small-bars.ts';
import { environmentContract } from './environment-contract.ts';
import { FEATURES, type SmallOptions, smallEnvironment } from './small-environment.ts';

const test = suite('pipelines/environment/bar-environment, contract');

const BARS = madeBars(11, 900);
const TRAINED_MS = START_MS + 300 * MINUTE_MS;

/** The same candles up to the one that closes then; those behind it, and what is settled behind it, are others. */
function otherAfter(bars: BarTape, timeMs: number): BarTape {
  const isLater = (n: number): boolean => bars.openTimesMs[n]! >= timeMs;
  const moved = (column: BarTape['open']): BarTape['open'] =>
    column.map((ticks, n) => (isLater(n) ? ticks + 100 + 7 * (n % 5) : ticks)) as BarTape['open'];
  const { timesMs, rates } = bars.funding;
  return {
    ...bars,
    open: moved(bars.open),
    high: moved(bars.high).map((ticks, n) => (isLater(n) ? ticks + 40 : ticks)) as BarTape['open'],
    low: moved(bars.low),
    close: moved(bars.close),
    volume: bars.volume.map((steps, n) => (isLater(n) ? steps * 3 + 1 : steps)),
    funding: { timesMs, rates: rates.map((rate, n) => (timesMs[n]! > timeMs ? -rate * 2 : rate)) },
  };
}

/** Normalised by the candles before those that are decided on. */
function created(bars: BarTape, options: SmallOptions) {
  const features = barFeatures({ bars, scale: SCALE, features: options.wanted ?? FEATURES });
  const normalisation = fitNormalisation({ features, bars, fromMs: START_MS, toMs: TRAINED_MS, clip: 2 });
  return smallEnvironment(bars, { ...options, features, normalisation });
}

const AFTER_TRAINING = { begin: 'random', fromMs: TRAINED_MS, maxSteps: 60 } as const;

function holdToContract(name: string, optionsOf: () => SmallOptions, isRewardEquity: boolean): void {
  environmentContract(test, {
    name,
    create: () => created(BARS, { episode: AFTER_TRAINING, ...optionsOf() }),
    createWithFuture: (timeMs) => created(otherAfter(BARS, timeMs), { episode: AFTER_TRAINING, ...optionsOf() }),
    isRewardEquity,
  });
}

const ACTIONS: readonly BarActions[] = [
  { type: 'continuous' },
  { type: 'flat-long-short' },
  { type: 'targets', targets: [-1, -0.25, 0, 0.5, 1] },
];
for (const actions of ACTIONS) holdToContract(`bars, ${actions.type}`, () => ({ actions }), true);

const NAMED: readonly NamedReward[] = [
  { name: 'log-return' },
  { name: 'differential-sharpe', parameters: { rate: 0.1 } },
  { name: 'drawdown-penalised' },
  { name: 'inventory-penalised' },
  { name: 'implementation-shortfall' },
];
for (const named of NAMED) holdToContract(`bars, ${named.name}`, () => ({ reward: rewardNamed(named) }), false);

// Orders that overtake candles, a position by the equity, and episodes over holes until all is lost.
holdToContract(
  'bars, slow and leveraged',
  () => ({
    latency: logNormalLatency(30_000, 20_000, 1),
    size: { equityShare: 30, minQty: 3 },
    leverage: 100,
    episode: { ...AFTER_TRAINING, maxSteps: 400, mayCrossInvalid: true },
  }),
  true,
);

test.run();
