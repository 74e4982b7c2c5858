import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dataOver } from '../../../../services/trainer/evaluate/altered-data.ts';
import { foldsOf } from '../../../../services/trainer/evaluate/folds.ts';
import { madeMarket } from './made-market.ts';

const test = suite('services/trainer/evaluate/folds');
const data = madeMarket({ persistence: 0.5, move: 0.001, candles: 3_000 });
const MINUTE_MS = 60_000;

test('each fold is judged behind what it was trained on, and nothing of the test span is in one', () => {
  const { folds, final, purgeMs, embargoMs } = foldsOf(data, { folds: 4 });
  // rsi of 3 is there with the fourth candle.
  assert.is(purgeMs, 4 * MINUTE_MS);
  assert.is(embargoMs, 24 * MINUTE_MS);
  assert.is(folds.length, 4);
  for (const { train, test: judged } of folds) {
    assert.is(train.fromMs, data.train.fromMs);
    assert.is(judged.fromMs, train.toMs + purgeMs + embargoMs);
    assert.ok(judged.toMs <= data.test.fromMs);
  }
  for (const [n, { test: judged }] of folds.slice(1).entries()) assert.is(judged.fromMs, folds[n]!.test.toMs);
  assert.equal(final.test, data.test);
  assert.is(final.train.toMs, data.test.fromMs - purgeMs - embargoMs);
});

test('normalisation of a fold is of its training span alone', () => {
  const [fold] = foldsOf(data, { folds: 2 }).folds;
  const { normalisation } = dataOver(data, fold!);
  assert.equal([normalisation.fromMs, normalisation.toMs], [fold!.train.fromMs, fold!.train.toMs]);
  assert.is.not(normalisation.means[1], data.normalisation.means[1]);
});

test('what is said is taken, a test span before training is left alone too, and too many folds are refused', () => {
  const { purgeMs, embargoMs } = foldsOf(data, { folds: 1, purgeMs: MINUTE_MS, embargoMs: 0 });
  assert.equal([purgeMs, embargoMs], [MINUTE_MS, 0]);
  const turned = { ...data, train: { ...data.test }, test: { ...data.train } };
  assert.is(foldsOf(turned, { folds: 1 }).final.train.fromMs, data.test.fromMs + (4 + 6) * MINUTE_MS);
  assert.throws(() => foldsOf(data, { folds: 2_000 }), /^train: expected enough for 2000 folds with 28 min left out/);
});

test.run();
