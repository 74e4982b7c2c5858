import { random } from '../../../../operators/random.ts';
import { fitNormalisation } from '../../../../pipelines/environment/normalisation.ts';
import { type BarData, barData } from '../../../../services/trainer/run/bar-data.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { createScale } from '../../../../streams/events/scale.ts';
import { createBarTapeBuilder } from '../../../../streams/tape/bar-tape-builder.ts';

const SCALE = createScale('0.01', '0.001');
const [MINUTE_MS, START_MS] = [60_000, Date.UTC(2024, 0)];

export interface MadeMarket {
  /** How often a candle goes where the one before went; a half: nothing can be known. */
  readonly persistence: number;
  /** How far each candle goes. */
  readonly move: number;
  readonly candles?: number;
  readonly steps?: number;
  readonly seeds?: readonly number[];
}

/** Candles whose edge is known, and how an agent is to learn it in few steps. */
export function madeMarket({ persistence, move, candles = 6_000, steps = 12_000, seeds = [1] }: MadeMarket): BarData {
  const { uniform } = random(5);
  const builder = createBarTapeBuilder('1m', MINUTE_MS, SCALE);
  let [price, direction] = [1_000, 1];
  for (let n = 0; n < candles; n++) {
    if (uniform() >= persistence) direction = -direction;
    const [open, close] = [price, Math.round(price * (1 + direction * move) * 100) / 100];
    builder.push({
      type: 'kline',
      interval: '1m',
      openTimeMs: START_MS + n * MINUTE_MS,
      open,
      high: Math.max(open, close),
      low: Math.min(open, close),
      close,
      volume: 1_000_000,
      quoteVolume: null,
      buyVolume: null,
      trades: null,
      isClosed: true,
    });
    price = close;
  }
  const bars = builder.take({ firstEntryId: '1-0', lastEntryId: '2-0' });
  const config = checkTrainConfig({
    instrument: 'simulated:TEST',
    interval: '1m',
    features: [
      { feature: 'rate_of_change', parameters: { period: 1 } },
      { feature: 'rsi', parameters: { period: 3 } },
    ],
    episodeSteps: 500,
    seeds,
    ppo: {
      totalSteps: steps,
      stepsPerUpdate: 256,
      batchSize: 256,
      gamma: 0.9,
      learningRate: 1e-3,
      learningRateSchedule: 'constant',
      entropyCoefficient: 0.01,
    },
  });
  return barData(config, { bars, scale: SCALE, funding: { funding: bars.funding, recording: undefined } });
}

/** The same with a feature that is the next candle's return. */
export function withForeknowledge(data: BarData): BarData {
  const { bars, features, train } = data;
  const width = features.columns.length;
  const count = bars.openTimesMs.length;
  const values = new Float64Array(count * (width + 1)).fill(Number.NaN);
  for (let n = 0; n < count; n++) {
    values.set(features.values.subarray(n * width, (n + 1) * width), n * (width + 1));
    if (n + 1 < count) values[n * (width + 1) + width] = bars.close[n + 1]! / bars.close[n]! - 1;
  }
  const planted = { ...features, columns: [...features.columns, 'planted'], values };
  return { ...data, features: planted, normalisation: fitNormalisation({ features: planted, bars, ...train }) };
}
