import { deserialize, serialize } from 'node:v8';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createTimedIntervals, passIntervals } from '../../../operators/rolling/timed-intervals.ts';
import {
  addToTimedSums,
  advanceTimedSums,
  clearTimedSums,
  createTimedSums,
} from '../../../operators/rolling/timed-sums.ts';
import {
  addTimedValue,
  advanceTimedValues,
  createTimedValues,
  lastTimedValue,
  valueBefore,
} from '../../../operators/rolling/timed-values.ts';
import { seededRandom } from '../market-events.ts';
import { sum } from './naive-past.ts';

const test = suite('operators/features/timed-windows');

/** Times with bursts and pauses. */
function randomTimes(seed: number, count: number): number[] {
  const random = seededRandom(seed);
  let ms = 5_000;
  return Array.from({ length: count }, () => {
    ms += random() < 0.02 ? Math.floor(random() * 3_000) : Math.floor(random() * 8);
    return ms;
  });
}

test('timed sums are those of the window, however many rows it holds', () => {
  const random = seededRandom(1);
  const times = randomTimes(2, 3_000);
  const rows = times.map(() => [Math.floor(random() * 100) - 50, random() < 0.5 ? 0 : 2 ** 40, 1] as const);
  let timed = createTimedSums(1_000, 3);
  let most = 0;
  for (const [n, ms] of times.entries()) {
    addToTimedSums(timed, ms, rows[n]!);
    advanceTimedSums(timed, ms);
    if (n % 50 === 0) timed = deserialize(serialize(timed)) as typeof timed;
    const within = rows.filter((_, k) => k <= n && times[k]! > ms - 1_000);
    const expected = [0, 1, 2].map((column) => sum(within.map((row) => row[column]!)));
    assert.equal([...timed.sums], expected);
    assert.is(timed.count, within.length);
    most = Math.max(most, timed.count);
  }
  assert.ok(most > 200, 'it has grown more than once');
  clearTimedSums(timed);
  addToTimedSums(timed, 1, [7, 8, 9]);
  assert.equal([...timed.sums], [7, 8, 9]);
});

test('timed sums of decimals do not depend on what was in the window before', () => {
  const random = seededRandom(3);
  const times = randomTimes(4, 2_000);
  const quantities = times.map(() => Math.floor(random() * 1e6) / 1_000 + (random() < 0.01 ? 1e7 : 0));
  const run = (from: number) => {
    const timed = createTimedSums(1_000, 1);
    for (let n = from; n < times.length; n++) {
      addToTimedSums(timed, times[n]!, [quantities[n]!]);
      advanceTimedSums(timed, times[n]!);
    }
    return timed.sums[0]!;
  };
  const begins = times.findIndex((ms) => ms > times.at(-1)! - 1_000);
  for (const from of [0, 100, 1_500, begins]) assert.is(run(from), run(begins));
});

test('timed values know what was the value a window ago', () => {
  const times = randomTimes(5, 1_500);
  const timed = createTimedValues(1_000);
  for (const [n, ms] of times.entries()) {
    addTimedValue(timed, ms, n);
    advanceTimedValues(timed, ms);
    const then = times.findLastIndex((one) => one <= ms - 1_000);
    assert.ok(Object.is(valueBefore(timed, ms), then < 0 ? Number.NaN : then));
    assert.is(lastTimedValue(timed), n);
  }
  advanceTimedValues(timed, 1e9);
  assert.is(valueBefore(timed, 1e9), times.length - 1);
  assert.is(timed.count, 1);
  assert.ok(Number.isNaN(valueBefore(createTimedValues(1), 5)) && Number.isNaN(lastTimedValue(createTimedValues(1))));
});

test('intervals end once each, and behind a pause only as many as matter', () => {
  const intervals = createTimedIntervals(100);
  const endedAt = (ms: number): number => {
    let ended = 0;
    passIntervals(intervals, ms, 3, () => ended++);
    return ended;
  };
  assert.equal([250, 299, 300, 290, 399, 500].map(endedAt), [0, 0, 1, 0, 0, 2]);
  assert.equal([900, 90_000, 89_000, 90_100].map(endedAt), [4, 4, 0, 1]);
});

test.run();
