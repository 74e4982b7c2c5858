import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { extentOf, type Point, polyline, ticksOf } from '../../../services/dashboard/src/chart/polyline.ts';
import { curveOf, pointAt, smoothed, thinned } from '../../../services/dashboard/src/training/curve.ts';
import { metricNames, metricTitle } from '../../../services/dashboard/src/training/metrics.ts';
import {
  progressOf,
  type RunUpdates,
  readUpdate,
  withUpdates,
} from '../../../services/dashboard/src/training/run-updates.ts';

const update = (seed: number, step: number, value: number | null = step) => ({
  seed,
  step,
  metrics: { globalStep: step, episodeReturnMean: value, entropy: 1 },
});
const NONE: RunUpdates = new Map();
const stepsOf = (updates: RunUpdates, seed: number) => updates.get(seed)?.map(({ step }) => step);
const line = (...values: number[]): Point[] => values.map((y, x) => ({ x, y }));
const many = (count: number, y: (n: number) => number): Point[] =>
  Array.from({ length: count }, (_, n) => ({ x: n, y: y(n) }));

test('updates come into the line of their seed, in the order of steps', () => {
  const first = withUpdates(NONE, [update(1, 64), update(2, 64), update(1, 128)]);
  const second = withUpdates(first, [update(2, 192), update(2, 128)]);
  assert.equal(stepsOf(second, 1), [64, 128]);
  assert.equal(stepsOf(second, 2), [64, 128, 192]);
  assert.equal(stepsOf(first, 2), [64], 'what was drawn before is not changed');
  assert.is(withUpdates(second, []), second);
  assert.equal(progressOf(second), [
    { seed: 1, step: 128 },
    { seed: 2, step: 192 },
  ]);
});

test('what a resumed run tells once more takes the place of what it told before', () => {
  const before = withUpdates(
    NONE,
    [64, 128, 192].map((step) => update(1, step)),
  );
  const resumed = withUpdates(before, [update(1, 128, -1), update(1, 192, -2), update(1, 256, -3)]);
  assert.equal(
    resumed.get(1)?.map(({ step, metrics }) => [step, metrics['episodeReturnMean']]),
    [
      [64, 64],
      [128, -1],
      [192, -2],
      [256, -3],
    ],
  );
});

test('an update is read, and what is none is refused by its field', () => {
  assert.equal(readUpdate({ i: 0, type: 'metrics', time: 5, ...update(3, 9, null) }), update(3, 9, null));
  assert.throws(() => readUpdate({ seed: 1, metrics: {} }), /run\/metrics\/step: expected a number/);
  assert.throws(() => readUpdate({ seed: 1, step: 2, metrics: [] }), /run\/metrics\/metrics: expected a JSON object/);
});

test('metrics are offered by what is told, the usual one first, those that are not known last', () => {
  assert.equal(metricNames(NONE), ['episodeReturnMean']);
  const updates = withUpdates(NONE, [
    { seed: 1, step: 2, metrics: { zeta: 1, approxKl: 1, entropy: 2, globalStep: 3 } },
  ]);
  assert.equal(metricNames(updates), ['episodeReturnMean', 'entropy', 'approxKl', 'zeta']);
  assert.equal([metricTitle('entropy'), metricTitle('zeta')], ['Entropy of the policy, nats', 'zeta']);
});

test('smoothing is a mean over the points around, near an end over those that there are', () => {
  assert.equal(smoothed(line(0, 3, 6, 0, 1), 1), line(1.5, 3, 3, 7 / 3, 0.5));
  const straight = many(50, (n) => 2 * n);
  assert.equal(smoothed(straight, 10).slice(10, -10), straight.slice(10, -10), 'a straight line stays where it is');
  assert.is(smoothed(straight, 0), straight);
});

test('a curve of thousands of updates has few points, and still its ends and its peaks', () => {
  const points = many(20_001, (n) => (n === 7_777 ? 50 : n === 7_778 ? -50 : n % 2));
  const kept = thinned(points, 800);
  assert.ok(kept.length > 700 && kept.length <= 800, `${kept.length}`);
  assert.equal([kept[0], kept.at(-1)], [points[0], points.at(-1)]);
  assert.equal(
    kept.filter(({ y }) => Math.abs(y) === 50),
    points.slice(7_777, 7_779),
  );
  assert.ok(
    kept.every(({ x }, n) => n === 0 || x > kept[n - 1]!.x),
    'in the order of steps',
  );
  assert.is(thinned(points.slice(0, 800), 800).length, 800);
  // One more than there may be, where bundles are smallest.
  assert.ok(thinned(points.slice(0, 801), 800).length <= 800);
});

test('a curve leaves out updates without a value; few updates are not smoothed', () => {
  const few = curveOf(
    1,
    [update(1, 64, null), update(1, 128, 0.5), update(1, 192, Number.NaN), update(1, 256, 2)],
    'episodeReturnMean',
  );
  assert.equal(few.measured, [
    { x: 128, y: 0.5 },
    { x: 256, y: 2 },
  ]);
  assert.is(few.smooth, few.measured);
  assert.equal(curveOf(1, [update(1, 64)], 'approxKl').measured, []);
  const noisy = curveOf(
    1,
    Array.from({ length: 4_000 }, (_, n) => update(1, n, n % 2)),
    'episodeReturnMean',
  );
  const spread = (points: readonly Point[]): number => extentOf(points)!.highest - extentOf(points)!.lowest;
  assert.is(spread(noisy.measured), 1);
  assert.ok(spread(noisy.smooth) < 0.05);
});

test('what is pointed at is the last value up to there', () => {
  const points = [10, 20, 30].map((x) => ({ x, y: -x }));
  assert.equal(
    [9, 10, 29.9, 99].map((x) => pointAt(points, x)?.y),
    [undefined, -10, -20, -30],
  );
});

test('several lines share one box', () => {
  const extent = extentOf([...line(0, 10), ...line(5, 20, 10)])!;
  assert.equal(extent, { left: 0, right: 2, lowest: 0, highest: 20 });
  assert.is(polyline(line(0, 10), extent, 100, 40), '0,40 50,20');
  assert.is(polyline(line(5, 20, 10), extent, 100, 40), '0,30 50,0 100,20');
  assert.is(extentOf([]), null);
});

test('ticks are round values within the range', () => {
  assert.equal(ticksOf(-0.013, 0.041, 4), [0, 0.02, 0.04]);
  assert.equal(ticksOf(0, 200_000, 5), [0, 50_000, 100_000, 150_000, 200_000]);
  assert.equal(ticksOf(0.1, 0.3, 2), [0.1, 0.2, 0.3]);
  assert.equal(ticksOf(7, 7, 4), [7]);
});

test.run();
