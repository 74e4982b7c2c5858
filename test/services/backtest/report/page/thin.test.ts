import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../../operators/random.ts';
import { lastOfEach, thin } from '../../../../../services/backtest/report/page/thin.ts';

const test = suite('services/backtest/report/page/thin');

test('keeps the ends, the least and the greatest of each part', () => {
  const values = [5, 1, 3, 9, 4, 4, 2, 8];
  const timesMs = values.map((_, n) => n);
  assert.equal(thin(timesMs, values, { fromMs: 0, toMs: 8, buckets: 2 }), [0, 1, 3, 6, 7]);
});

test('draws as the whole does, in bounds', () => {
  const { normal } = random(2);
  const values = Array.from({ length: 50_000 }, normal);
  const timesMs = values.map((_, n) => n * 10);
  const places = thin(timesMs, values, { fromMs: 0, toMs: 500_000, buckets: 100 });
  assert.ok(places.length <= 202, `${places.length}`);
  assert.is(Math.max(...places.map((n) => values[n]!)), Math.max(...values));
  assert.is(Math.min(...places.map((n) => values[n]!)), Math.min(...values));
  assert.ok(places.every((place, n) => n === 0 || place > places[n - 1]!));
});

test('leaves out what is not finite', () => {
  assert.equal(thin([0, 1, 2], [Number.NaN, 5, Number.NaN], { fromMs: 0, toMs: 3, buckets: 3 }), [1]);
  assert.equal(thin([], [], { fromMs: 0, toMs: 0, buckets: 3 }), []);
});

test('the last of each part stands for it', () => {
  assert.equal(lastOfEach([0, 1, 2, 5, 9], { fromMs: 0, toMs: 10, buckets: 2 }), [2, 4]);
});

test.run();
