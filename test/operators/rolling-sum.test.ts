import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addToRollingSum, advanceRollingSum, clearRollingSum, createRollingSum } from '../../operators/rolling-sum.ts';

const test = suite('operators/rolling-sum');

test('sums what is younger than the window', () => {
  const rolling = createRollingSum(1_000);
  addToRollingSum(rolling, 500, 1, 10);
  addToRollingSum(rolling, 1_499, 2, 20);
  advanceRollingSum(rolling, 1_499);
  assert.equal([rolling.sum, rolling.otherSum, rolling.count], [3, 30, 2]);
  advanceRollingSum(rolling, 1_500);
  assert.equal([rolling.sum, rolling.otherSum, rolling.count], [2, 20, 1], 'what is just as old as the window is out');
  advanceRollingSum(rolling, 9_000);
  assert.equal([rolling.sum, rolling.otherSum, rolling.count], [0, 0, 0]);
});

test('sums nothing after it was cleared', () => {
  const rolling = createRollingSum(1_000);
  addToRollingSum(rolling, 500, 1, 10);
  clearRollingSum(rolling);
  assert.equal([rolling.sum, rolling.otherSum, rolling.count], [0, 0, 0]);
  addToRollingSum(rolling, 600, 5, 7);
  advanceRollingSum(rolling, 1_550);
  assert.equal([rolling.sum, rolling.otherSum], [5, 7]);
});

test('holds as many values as fall into the window', () => {
  const rolling = createRollingSum(1_000);
  const sumOf = (from: number, to: number): number => ((from + to) * (to - from + 1)) / 2;
  for (let n = 1; n <= 5_000; n++) {
    // 1,000 a window at first; later the window is full of what has moved to the front of the room.
    addToRollingSum(rolling, n, n, -n);
    advanceRollingSum(rolling, n);
    const oldest = Math.max(1, n - 999);
    assert.equal([rolling.sum, rolling.otherSum], [sumOf(oldest, n), -sumOf(oldest, n)], `${n}`);
  }
  for (let n = 5_001; n <= 9_000; n++) {
    addToRollingSum(rolling, 5_000 + n / 10_000, n, 0);
    advanceRollingSum(rolling, 5_000);
  }
  assert.is(rolling.sum, sumOf(4_001, 9_000));
  advanceRollingSum(rolling, 6_000);
  assert.is(rolling.sum, sumOf(5_001, 9_000));
});

test('is what a plain sum over the window is, at any time, also saved and loaded in between', () => {
  const step = fc.record({
    wait: fc.oneof({ weight: 8, arbitrary: fc.nat(3) }, fc.nat(900)),
    value: fc.integer({ min: -1e6, max: 1e6 }),
    other: fc.integer({ min: -1e6, max: 1e6 }),
    isSaved: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 1_500, size: 'max' }), (steps) => {
      let rolling = createRollingSum(1_000);
      let all: [time: number, value: number, other: number][] = [];
      let now = 0;
      for (const { wait, value, other, isSaved } of steps) {
        now += wait;
        if (isSaved) rolling = deserialize(serialize(rolling));
        addToRollingSum(rolling, now, value, other);
        advanceRollingSum(rolling, now);
        all.push([now, value, other]);
        all = all.filter(([time]) => time > now - 1_000);
        assert.is(
          rolling.sum,
          all.reduce((sum, [, item]) => sum + item, 0),
        );
        assert.is(
          rolling.otherSum,
          all.reduce((sum, [, , item]) => sum + item, 0),
        );
        assert.is(rolling.count, all.length);
      }
    }),
    { numRuns: 25 },
  );
});

test.run();
