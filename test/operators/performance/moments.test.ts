import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { moments } from '../../../operators/performance/moments.ts';
import { near } from './near.ts';

const test = suite('operators/performance/moments');

test('says mean, deviation, skewness and kurtosis of a few numbers', () => {
  const { mean, deviation, skewness, kurtosis } = moments([1, 2, 3, 10]);
  near(mean, 4);
  // By hand: squares 9 + 4 + 1 + 36 = 50, cubes −27 − 8 − 1 + 216 = 180, fourth powers 81 + 16 + 1 + 1296 = 1394.
  near(deviation, Math.sqrt(50 / 3));
  near(skewness, 180 / 4 / (50 / 4) ** 1.5);
  near(kurtosis, 1394 / 4 / (50 / 4) ** 2);
});

test('has no answer where there is none', () => {
  assert.equal(moments([]), { count: 0, mean: null, deviation: null, skewness: null, kurtosis: null });
  assert.equal(moments([3]), { count: 1, mean: 3, deviation: null, skewness: null, kurtosis: null });
  assert.equal(moments([2, 2]), { count: 2, mean: 2, deviation: 0, skewness: null, kurtosis: null });
});

test('numbers that differ by rounding only are the same', () => {
  const same = Array.from({ length: 1_000 }, (_, n) => 0.1 + (n % 3) * 1e-17);
  assert.is(moments(same).deviation, 0);
});

test.run();
