import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Projection } from '../../../operators/fold.ts';
import { accumulationDistribution } from '../../../operators/indicators/accumulation-distribution.ts';
import { adx } from '../../../operators/indicators/adx.ts';
import { atr, natr } from '../../../operators/indicators/atr.ts';
import { bollingerBands } from '../../../operators/indicators/bollinger-bands.ts';
import type { Candle } from '../../../operators/indicators/candle.ts';
import { dema } from '../../../operators/indicators/dema.ts';
import { donchianChannel } from '../../../operators/indicators/donchian-channel.ts';
import { ema } from '../../../operators/indicators/ema.ts';
import { hma } from '../../../operators/indicators/hma.ts';
import { kama } from '../../../operators/indicators/kama.ts';
import { macd } from '../../../operators/indicators/macd.ts';
import { momentum, rateOfChange } from '../../../operators/indicators/momentum.ts';
import { obv } from '../../../operators/indicators/obv.ts';
import { rsi } from '../../../operators/indicators/rsi.ts';
import { sma } from '../../../operators/indicators/sma.ts';
import { stochastic } from '../../../operators/indicators/stochastic.ts';
import { tema } from '../../../operators/indicators/tema.ts';
import { williamsR } from '../../../operators/indicators/williams-r.ts';
import { wma } from '../../../operators/indicators/wma.ts';
import { walk } from './bars.ts';
import { type Case, checkIndicator, checkSameWhereverBegun, indicator, run } from './check-indicator.ts';
import * as naive from './naive-indicators.ts';
import type { Values } from './naive-windows.ts';

const test = suite('operators/indicators/indicators');

const BARS = 320;
const ofCloses: readonly Case<number>[] = [
  ...[1, 2, 7, 50].flatMap((period) => [
    indicator(`sma ${period}`, sma({ period }), (x) => ({ '': naive.naiveSma(x, period) })),
    indicator(`ema ${period}`, ema({ period }), (x) => ({ '': naive.naiveEma(x, period) })),
    indicator(`wma ${period}`, wma({ period }), (x) => ({ '': naive.naiveWma(x, period) })),
    indicator(`dema ${period}`, dema({ period }), (x) => ({ '': naive.naiveDema(x, period) })),
    indicator(`tema ${period}`, tema({ period }), (x) => ({ '': naive.naiveTema(x, period) })),
    indicator(`kama ${period}`, kama({ period }), (x) => ({ '': naive.naiveKama(x, period) })),
    indicator(`rsi ${period}`, rsi({ period }), (x) => ({ '': naive.naiveRsi(x, period) })),
  ]),
  ...[1, 10].flatMap((period) => [
    indicator(`momentum ${period}`, momentum({ period }), (x) => ({ '': naive.naiveMomentum(x, period) })),
    indicator(`rateOfChange ${period}`, rateOfChange({ period }), (x) => ({
      '': naive.naiveMomentum(x, period).map((value, n) => (value === null ? null : value / x[n - period]!)),
    })),
  ]),
  ...[2, 9, 50].map((period) =>
    indicator(`hma ${period}`, hma({ period }), (x) => ({ '': naive.naiveHma(x, period) })),
  ),
  ...(
    [
      [12, 26, 9],
      [3, 10, 16],
    ] as const
  ).map(([fast, slow, signal]) =>
    indicator(`macd ${fast} ${slow} ${signal}`, macd({ fast, slow, signal }), (x) => {
      const [line, smooth, histogram] = naive.naiveMacd(x, fast, slow, signal) as [Values, Values, Values];
      return { line, signal: smooth, histogram };
    }),
  ),
  indicator('bollingerBands 20', bollingerBands({ period: 20, deviations: 2 }), (x) => {
    const [lower, middle, upper] = naive.naiveBollingerBands(x, 20, 2) as [Values, Values, Values];
    return { lower, middle, upper };
  }),
];

const ofBars: readonly Case<Candle>[] = [
  ...(
    [
      [14, 1, 3],
      [14, 3, 3],
      [1, 1, 1],
      [50, 5, 2],
    ] as const
  ).map(([period, slowing, signal]) =>
    indicator(`stochastic ${period} ${slowing} ${signal}`, stochastic({ period, slowing, signal }), (x) => {
      const [k, d] = naive.naiveStochastic(x, period, slowing, signal) as [Values, Values];
      return { k, d };
    }),
  ),
  ...[1, 14, 50].map((period) =>
    indicator(`atr ${period}`, atr({ period }), (x) => ({ '': naive.naiveAtr(x, period) })),
  ),
  ...[1, 20].flatMap((period) => [
    indicator(`donchianChannel ${period}`, donchianChannel({ period }), (x) => {
      const [lower, middle, upper] = naive.naiveDonchianChannel(x, period) as [Values, Values, Values];
      return { lower, middle, upper };
    }),
    indicator(`williamsR ${period}`, williamsR({ period }), (x) => ({ '': naive.naiveWilliamsR(x, period) })),
  ]),
  indicator('obv', obv(), (x) => ({ '': naive.naiveObv(x) })),
  indicator('accumulationDistribution', accumulationDistribution(), (x) => ({
    '': naive.naiveAccumulationDistribution(x),
  })),
  indicator('natr 14', natr({ period: 14 }), (x) => ({
    '': naive.naiveAtr(x, 14).map((value, n) => (value === null ? null : (100 * value) / x[n]!.close)),
  })),
  ...[2, 14, 30].map((period) =>
    indicator(`adx ${period}`, adx({ period }), (x) => {
      const [index, plusDi, minusDi] = naive.naiveAdx(x, period) as [Values, Values, Values];
      return { adx: index, plusDi, minusDi };
    }),
  ),
];

for (const each of ofCloses) checkIndicator(test, each, () => walk(BARS).map(({ close }) => close));
for (const each of ofBars) checkIndicator(test, each, () => walk(BARS));

test('averages over a window are the same wherever they began', () => {
  const inputs = walk(3_000).map(({ close }) => close);
  for (const each of ofCloses.filter(({ name }) => /^(sma|wma|hma|bollingerBands) /.test(name)))
    checkSameWhereverBegun(each, inputs, 100);
});

test('a window that cannot be is refused, by its name', () => {
  for (const period of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9])
    assert.throws(() => sma({ period }), new RegExp(`sma, period: expected a whole number .* found ${period}`));
  assert.throws(() => hma({ period: 1 }), /hma, period: expected a whole number from 2/);
  assert.throws(() => macd({ fast: 26, slow: 12, signal: 9 }), /macd, fast: expected less than slow, 12, found 26/);
  assert.throws(() => macd({ fast: 12, slow: 26, signal: 0 }), /macd, signal/);
  assert.throws(() => bollingerBands({ period: 20, deviations: 0 }), /deviations: expected a number above 0, found 0/);
});

test('where nothing moves they say what is documented', () => {
  const flat: Candle[] = Array.from({ length: 60 }, () => ({ open: 5, high: 5, low: 5, close: 5, volume: 0 }));
  const last = <Input, State>(projection: Projection<Input, State, unknown>, inputs: readonly Input[]): unknown =>
    run(projection, inputs).at(-1);
  const prices = flat.map(({ close }) => close);
  assert.is(last(rsi({ period: 14 }), prices), 50);
  assert.is(last(kama({ period: 10 }), prices), 5);
  assert.equal(last(bollingerBands({ period: 20, deviations: 2 }), prices), {
    lower: 5,
    middle: 5,
    upper: 5,
    width: 0,
    percentB: 0.5,
  });
  assert.equal(last(stochastic({ period: 14, slowing: 3, signal: 3 }), flat), { k: 0, d: 0 });
  assert.equal(last(adx({ period: 14 }), flat), { adx: 0, plusDi: 0, minusDi: 0 });
  assert.is(last(atr({ period: 14 }), flat), 0);
});

test('of a price of 0 there is no share', () => {
  const bars: Candle[] = Array.from({ length: 30 }, () => ({ open: 1, high: 2, low: -1, close: 0, volume: 1 }));
  const closes = bars.map(({ close }) => close);
  const nothing = bars.map(() => undefined);
  assert.equal(run(natr({ period: 5 }), bars), nothing);
  assert.equal(run(bollingerBands({ period: 5, deviations: 2 }), closes), nothing);
  assert.equal(run(rateOfChange({ period: 5 }), closes), nothing);
});

test.run();
