import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createRollingMaximum,
  pushesSinceMaximum,
  pushRollingMaximum,
} from '../../../operators/rolling/rolling-extreme.ts';
import {
  createRollingMoments,
  pushRollingMoments,
  rollingMean,
  rollingVariance,
} from '../../../operators/rolling/rolling-moments.ts';

const test = suite('operators/rolling/rolling');

test('the maximum of a window is that of a plain search, also saved and loaded in between', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.integer({ min: 0, max: 9 })), (size, values) => {
      let maximum = createRollingMaximum(size);
      for (const [n, value] of values.entries()) {
        const window = values.slice(Math.max(0, n + 1 - size), n + 1);
        const expected = Math.max(...window);
        assert.is(pushRollingMaximum(maximum, value), expected);
        assert.is(pushesSinceMaximum(maximum), window.length - 1 - window.lastIndexOf(expected));
        if (n % 7 === 0) maximum = deserialize(serialize(maximum));
      }
    }),
  );
});

test('mean and variance keep their digits far from 0, however long they roll', () => {
  const offset = 1e9;
  const moments = createRollingMoments(50);
  const value = (n: number): number => offset + ((n * 7_919) % 1_000) / 1_024;
  for (let n = 0; n < 200_000; n++) pushRollingMoments(moments, value(n));
  const window = Array.from({ length: 50 }, (_, n) => value(199_950 + n) - offset);
  const mean = window.reduce((sum, each) => sum + each, 0) / 50;
  const variance = window.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 50;
  assert.is(rollingMean(moments), offset + mean);
  assert.ok(Math.abs(rollingVariance(moments) / variance - 1) < 1e-13, `${rollingVariance(moments)}, ${variance}`);
});

test('the variance of a window of one number is 0, whatever came before', () => {
  const moments = createRollingMoments(10);
  for (let n = 0; n < 1_000; n++) pushRollingMoments(moments, 0.1 + ((n * 37) % 101) * 1e3);
  for (let n = 0; n < 10; n++) pushRollingMoments(moments, 0.1);
  assert.is(rollingVariance(moments), 0);
});

test.run();
