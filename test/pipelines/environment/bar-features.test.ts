import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FeatureVector, featureSet } from '../../../operators/features/feature-set.ts';
import { resolveFeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { BOOK_V1 } from '../../../operators/features/sets/book-v1.ts';
import { KLINES_5M_V1 } from '../../../operators/features/sets/klines-5m-v1.ts';
import { RATE_OF_CHANGE } from '../../../operators/features/technical/momentum.ts';
import { SMA } from '../../../operators/features/technical/moving-averages.ts';
import { barFeatures } from '../../../pipelines/environment/bar-features.ts';
import { createFeatureInputs } from '../../../pipelines/feature-inputs.ts';
import { createStrategyFeatures, strategyFeatureSet } from '../../../pipelines/simulation/strategy-features.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { says } from '../../support/says.ts';
import { madeBars } from '../simulation/made-bars.ts';
import { barsOf, type Candle, MINUTE_MS, SCALE, START_MS } from '../simulation/small-bars.ts';

const test = suite('pipelines/environment/bar-features');

const FIVE_MINUTES_MS = 300_000;

/** Candles of five minutes of a walk, of which a few are missing. */
function fiveMinutes(): BarTape {
  const bars = madeBars(5, 700);
  const openTimesMs = bars.openTimesMs.map((timeMs) => START_MS + ((timeMs - START_MS) / MINUTE_MS) * FIVE_MINUTES_MS);
  return { ...bars, intervalMs: FIVE_MINUTES_MS, openTimesMs };
}

/** The venue's update in which a candle closes. */
function payloadOf({ openTimesMs, open, high, low, close, volume }: BarTape, n: number): Buffer {
  const [o, h, l, c, v] = [open, high, low, close, volume].map((column) => String(column[n]));
  const k = { t: openTimesMs[n], i: '5m', o, h, l, c, v, q: '1', V: '1', n: 1, x: true };
  return Buffer.from(JSON.stringify({ e: 'kline', E: openTimesMs[n]! + FIVE_MINUTES_MS, k }));
}

test('a set of the venue’s candles says of a tape what it says live of the logged payloads', () => {
  const bars = fiveMinutes();
  const { columns, values, definition } = barFeatures({ bars, scale: SCALE, features: KLINES_5M_V1 });
  const { initialState, evolve, project } = featureSet(KLINES_5M_V1);
  let state = initialState();
  let said: FeatureVector | undefined;
  const live = createFeatureInputs(
    (input) => {
      state = evolve(state, input);
      said = project(state, input) ?? said;
    },
    { scale: SCALE },
  );
  let [valid, holes] = [0, 0];
  for (let n = 0; n < bars.openTimesMs.length; n++) {
    said = undefined;
    live.push('kline_5m', payloadOf(bars, n));
    const row = [...values.subarray(n * columns.length, (n + 1) * columns.length)];
    assert.equal(
      row,
      columns.map((_, column) => (said as FeatureVector | undefined)?.values[column] ?? Number.NaN),
    );
    valid += row.filter((value) => !Number.isNaN(value)).length;
    if (n > 0 && said === undefined) holes++;
  }
  assert.ok(valid > 5_000, `${valid} values`);
  assert.ok(holes > 5, `${holes} candles are behind a hole`);
  assert.is(definition, KLINES_5M_V1.definition);
  assert.equal(
    columns,
    KLINES_5M_V1.columns.map(({ name }) => name),
  );
});

test('features of a list are those that a strategy is told, and start anew behind a hole', () => {
  const features = ['rsi', { feature: 'sma', column: 'sma_3', parameters: { period: 3 } }] as const;
  const candle: Candle = [1_000, 1_010, 990, 1_000];
  const bars = barsOf(
    Array.from({ length: 40 }, (_, n): Candle | undefined =>
      n === 30 ? undefined : [candle[0] + n, candle[1] + n, candle[2] + n, candle[3] + n * (n % 3)],
    ),
  );
  const { columns, values } = barFeatures({ bars, scale: SCALE, features });
  assert.equal(columns, ['rsi', 'sma_3']);
  const set = strategyFeatureSet({ name: 'any', features, barMs: () => MINUTE_MS }, {})!;
  const live = createStrategyFeatures(set);
  for (let n = 0; n < bars.openTimesMs.length; n++) {
    if (n === 30) live.tell({ type: 'gap', channel: 'aggTrade', expected: null, found: null, reason: 'disconnected' });
    const openTimeMs = bars.openTimesMs[n]!;
    const [open, high, low, close] = [bars.open[n]!, bars.high[n]!, bars.low[n]!, bars.close[n]!];
    const times = { openTimeMs, closeTimeMs: openTimeMs + MINUTE_MS };
    live.tell({ type: 'bar', ...times, open, high, low, close, volume: bars.volume[n]! });
    assert.equal([values[2 * n], values[2 * n + 1]], [live.value('rsi'), live.value('sma_3')], `candle ${n}`);
  }
  const averages = [28, 29, 30, 31, 32].map((n) => values[2 * n + 1]!);
  assert.equal(averages.map(Number.isNaN), [false, false, true, true, false]);
});

test('a feature of another feature is silent behind a hole, too', () => {
  const set = resolveFeatureSet({
    name: 'of_columns',
    version: 1,
    says: '',
    clock: { kind: 'time', intervalMs: MINUTE_MS },
    sampling: 'bars',
    features: [
      { feature: RATE_OF_CHANGE, column: 'roc', parameters: { period: 1 } },
      { feature: SMA, column: 'roc_sma', parameters: { period: 2 }, of: 'roc' },
    ],
  });
  const bars = barsOf(
    [100, 110, 121, undefined, 100, 110, 121].map((close) => close && [close, close, close, close]) as (
      | Candle
      | undefined
    )[],
  );
  const { values } = barFeatures({ bars, scale: SCALE, features: set });
  const averages = [0, 1, 2, 3, 4, 5].map((n) => values[2 * n + 1]!);
  assert.equal(averages.map(Number.isNaN), [true, true, false, true, true, false]);
});

test('what is not of such candles is refused by name', () => {
  const bars = madeBars(1, 10);
  const of = (features: Parameters<typeof barFeatures>[0]['features']) => () =>
    barFeatures({ bars, scale: SCALE, features });
  assert.throws(
    of(KLINES_5M_V1),
    says('features: expected a set of candles of 60000 ms, found klines_5m-v1 of 300000 ms'),
  );
  assert.throws(of(['microprice']), says('features: expected those of bars, found microprice, which is of topOfBook'));
  assert.throws(of(['trade_count']), says('features: expected those of bars, found trade_count, which is of trade'));
  assert.throws(of(BOOK_V1), /expected those of bars, found/);
  assert.throws(of([]), says('features: expected at least one, found none'));
  assert.throws(of(['rsy']), /expected names of features such as microprice, found rsy/);
});

test.run();
