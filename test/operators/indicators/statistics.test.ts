import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Projection } from '../../../operators/fold.ts';
import { beta, correlation, type Pair } from '../../../operators/indicators/correlation.ts';
import { type LinearRegression, linearRegression } from '../../../operators/indicators/linear-regression.ts';
import { rollingQuantile } from '../../../operators/indicators/rolling-quantile.ts';
import { kurtosis, skewness } from '../../../operators/indicators/skewness.ts';
import { standardDeviation, variance } from '../../../operators/indicators/variance.ts';
import { zScore } from '../../../operators/indicators/z-score.ts';
import { seededRandom } from '../market-events.ts';
import { walk } from './bars.ts';
import {
  type Case,
  checkFinite,
  checkIndicator,
  checkSameWhereverBegun,
  indicator,
  near,
  run,
} from './check-indicator.ts';
import * as naive from './naive-statistics.ts';
import type { Values } from './naive-windows.ts';

const test = suite('operators/indicators/statistics');

const BARS = 320;

const ofCloses: readonly Case<number>[] = [
  ...[1, 2, 20, 50].flatMap((period) => [
    indicator(`variance ${period}`, variance({ period }), (x) => ({ '': naive.naiveVariance(x, period) })),
    indicator(`standardDeviation ${period}`, standardDeviation({ period }), (x) => ({
      '': naive.naiveVariance(x, period).map((value) => (value === null ? null : Math.sqrt(value))),
    })),
    indicator(`zScore ${period}`, zScore({ period }), (x) => ({ '': naive.naiveZScore(x, period) })),
  ]),
  ...[2, 3, 20, 50].flatMap((period) => [
    indicator(`skewness ${period}`, skewness({ period }), (x) => ({ '': naive.naiveSkewness(x, period) })),
    indicator(`kurtosis ${period}`, kurtosis({ period }), (x) => ({ '': naive.naiveKurtosis(x, period) })),
    indicator(`linearRegression ${period}`, linearRegression({ period }), (x) =>
      naive.naiveLinearRegression(x, period),
    ),
  ]),
  ...(
    [
      [1, 0.5],
      [2, 0.5],
      [21, 0.5],
      [20, 0.1],
      [20, 0],
      [20, 1],
      [50, 0.333],
    ] as const
  ).map(([period, quantile]) =>
    indicator(`rollingQuantile ${period} ${quantile}`, rollingQuantile({ period, quantile }), (x) => ({
      '': naive.naiveQuantile(x, period, quantile),
    })),
  ),
];

const ofPairs: readonly Case<Pair>[] = [2, 3, 20, 50].flatMap((period) => [
  indicator(`correlation ${period}`, correlation({ period }), (x) => ({ '': naive.naiveCorrelation(x, period) })),
  indicator(`beta ${period}`, beta({ period }), (x) => ({ '': naive.naiveBeta(x, period) })),
]);

const closes = (count: number, seed?: number): number[] => walk(count, seed).map(({ close }) => close);
/** y goes with x, and on its own. */
function pairsOf(count: number): Pair[] {
  const other = closes(count, 5);
  return closes(count).map((x, n) => ({ x, y: other[n]! + 2 * x }));
}

for (const each of ofCloses) checkIndicator(test, each, () => closes(BARS));
for (const each of ofPairs) checkIndicator(test, each, () => pairsOf(BARS));

test('they are the same wherever they began', () => {
  for (const each of ofCloses) checkSameWhereverBegun(each, closes(3_000), 60);
  for (const each of ofPairs) checkSameWhereverBegun(each, pairsOf(3_000), 60);
});

/** Last values of a run in a window of 10 000, beside those without rounding. */
function compareLast<Input, State>(
  projection: Projection<Input, State, unknown>,
  inputs: readonly Input[],
  expected: (last: readonly Input[]) => unknown,
): void {
  const found = run(projection, inputs).at(-1);
  near(found as number, expected(inputs.slice(-LONG)) as number, 'last', 1e-12, 0);
}

const LONG = 10_000;
test('windows of 10 000 prices of 600 000 ticks that move by few keep twelve digits', () => {
  const random = seededRandom(3);
  const upTo = (ticks: number): number => Math.floor(random() * (ticks + 1));
  const pairs = Array.from({ length: 35_000 }, (_, n) => {
    // A jump of half the price leaves nothing behind in the sums.
    const x = (n < 17_000 ? 300_000 : 600_000) + upTo(2) ** 2;
    return { x, y: 500_000 + x + upTo(3) };
  });
  const ticks = pairs.map(({ x }) => x);
  const lastOf = (of: (inputs: readonly number[], period: number) => Values) => (last: readonly number[]) =>
    of(last, LONG).at(-1);
  compareLast(variance({ period: LONG }), ticks, lastOf(naive.naiveVariance));
  compareLast(skewness({ period: LONG }), ticks, lastOf(naive.naiveSkewness));
  compareLast(kurtosis({ period: LONG }), ticks, lastOf(naive.naiveKurtosis));
  compareLast(zScore({ period: LONG }), ticks, lastOf(naive.naiveZScore));
  compareLast(correlation({ period: LONG }), pairs, (last) => naive.naiveCorrelation(last, LONG).at(-1));
  compareLast(beta({ period: LONG }), pairs, (last) => naive.naiveBeta(last, LONG).at(-1));
});

test('in decimals they keep nine digits, and after a jump too', () => {
  const random = seededRandom(4);
  const units = Array.from({ length: 25_000 }, (_, n) => (n < 12_000 ? 0 : 600_000) + Math.floor(random() * 100));
  const others = units.map((unit) => unit + Math.floor(random() * 100));
  const last = <Input, State>(projection: Projection<Input, State, unknown>, inputs: readonly Input[]): number =>
    run(projection, inputs).at(-1) as number;
  for (const period of [100, LONG])
    for (const [origin, scale] of [
      [60_000, 1_000],
      [60, 1_000_000],
    ] as const) {
      // What does not depend on the unit is that of the units, which are integers.
      const prices = units.map((unit) => origin + unit / scale);
      const pairs = prices.map((x, n) => ({ x, y: origin + others[n]! / scale }));
      const whole = units.slice(-period);
      const wholePairs = whole.map((x, n) => ({ x, y: others.slice(-period)[n]! }));
      const { slope } = run(linearRegression({ period }), prices).at(-1) as LinearRegression;
      const found: Readonly<Record<string, readonly [number, Values]>> = {
        variance: [last(variance({ period }), prices) * scale ** 2, naive.naiveVariance(whole, period)],
        zScore: [last(zScore({ period }), prices), naive.naiveZScore(whole, period)],
        skewness: [last(skewness({ period }), prices), naive.naiveSkewness(whole, period)],
        kurtosis: [last(kurtosis({ period }), prices), naive.naiveKurtosis(whole, period)],
        correlation: [last(correlation({ period }), pairs), naive.naiveCorrelation(wholePairs, period)],
        beta: [last(beta({ period }), pairs), naive.naiveBeta(wholePairs, period)],
      };
      for (const [name, [value, expected]] of Object.entries(found))
        near(value, expected.at(-1)!, `${name} ${period} in ${1 / scale}`, 1e-9, 1e-9);
      const expected = naive.naiveLinearRegression(whole, period).slope.at(-1)!;
      near(slope * scale, expected, `slope ${period} in ${1 / scale}`, 1e-9, 0);
    }
});

test('where nothing moves they say what is documented, whatever moved before', () => {
  const before = closes(300).map((close) => close / 7);
  const prices = [...before, ...Array<number>(77).fill(0.1)];
  const last = <Input, State>(projection: Projection<Input, State, unknown>, inputs: readonly Input[]): unknown =>
    run(projection, inputs).at(-1);
  // Where so much moved before that rounding leaves something of it in the sums.
  const wild = [...Array.from({ length: 4_300 }, (_, n) => 1e10 * Math.sin(n)), ...Array<number>(1_300).fill(0.3)];
  assert.is(last(variance({ period: 1_000 }), wild), 0);
  assert.is(last(standardDeviation({ period: 1_000 }), wild), 0);
  assert.is(last(zScore({ period: 1_000 }), wild), 0);
  const wildPairs = wild.map((y, n) => ({ x: Math.cos(n), y }));
  assert.is(last(beta({ period: 1_000 }), wildPairs), 0);
  assert.is(last(skewness({ period: 1_000 }), wild), 0);
  assert.is(last(kurtosis({ period: 1_000 }), wild), 0);
  for (const said of run(kurtosis({ period: 1_000 }), wild)) assert.ok(said === undefined || (said as number) >= -2);
  assert.equal(last(linearRegression({ period: 50 }), prices), { slope: 0, intercept: 0.1, value: 0.1, r2: 0 });
  const other = closes(377);
  const still = prices.map((x, n) => ({ x, y: other[n]! }));
  const turned = still.map(({ x, y }) => ({ x: y, y: x }));
  for (const make of [correlation, beta])
    for (const pairs of [still, turned]) assert.is(last(make({ period: 50 }), pairs), 0, make.name);
});

test('a straight line is explained wholly, and a line goes with itself', () => {
  const line = Array.from({ length: 40 }, (_, n) => 0.1 + n * 0.3);
  const { slope, r2 } = run(linearRegression({ period: 20 }), line).at(-1) as { slope: number; r2: number };
  near(slope, 0.3, 'slope');
  near(r2, 1, 'r2', 1e-14, 0);
  assert.ok(r2 <= 1);
  for (const said of run(
    correlation({ period: 20 }),
    line.map((x) => ({ x, y: -x })),
  ))
    assert.ok(said === undefined || (said as number) >= -1);
});

test('they say finite numbers only, in small decimals too', () => {
  const returns = walk(2_000).map(({ open, close }) => Math.log(close / open));
  for (const each of ofCloses) checkFinite(each, returns);
  for (const each of ofPairs)
    checkFinite(
      each,
      returns.map((x, n) => ({ x, y: returns[(n * 7) % 2_000]! })),
    );
});

test('what cannot be is refused, by its name', () => {
  for (const [name, make] of Object.entries({ skewness, kurtosis, linearRegression, correlation, beta }))
    assert.throws(() => make({ period: 1 }), new RegExp(`${name}, period: expected a whole number from 2`));
  for (const [name, make] of Object.entries({ variance, standardDeviation, zScore }))
    assert.throws(() => make({ period: 0 }), new RegExp(`${name}, period: expected a whole number from 1`));
  assert.throws(() => rollingQuantile({ period: 0, quantile: 0.5 }), /rollingQuantile, period/);
  for (const quantile of [-0.1, 1.1, Number.NaN])
    assert.throws(() => rollingQuantile({ period: 5, quantile }), /rollingQuantile, quantile: expected .* from 0 to 1/);
});

test.run();
