import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../../operators/random.ts';
import { delayedFeatures, shuffledMoves } from '../../../../services/trainer/evaluate/altered-data.ts';
import { madeMarket } from './made-market.ts';

const test = suite('services/trainer/evaluate/altered-data');
const data = madeMarket({ persistence: 0.95, move: 0.001, candles: 1_000 });
const width = data.features.columns.length;

test('features that come late are those of before, and none where there are none', () => {
  const late = delayedFeatures(data, 3).features.values;
  assert.is(late.length, data.features.values.length);
  assert.ok(late.subarray(0, 3 * width).every(Number.isNaN));
  // As texts, since NaN is not equal to itself.
  assert.is(late.subarray(3 * width).join(), data.features.values.subarray(0, -3 * width).join());
  assert.ok(delayedFeatures(data, 5_000).features.values.every(Number.isNaN));
});

/** Moves from close to close, in thousandths. */
function moves(close: ArrayLike<number>, from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, n) => Math.round((close[from + n]! / close[from + n - 1]! - 1) * 1_000));
}

test('shuffled moves are the same ones in another order, within their span, and foretell nothing', () => {
  const { openTimesMs, close } = data.bars;
  const [from, to] = [100, 900];
  const span = { fromMs: openTimesMs[from]!, toMs: openTimesMs[to]! };
  const { bars, features } = shuffledMoves(data, [span], random(1));
  assert.is(features, data.features);
  assert.equal(bars.close.slice(0, from), close.slice(0, from));
  assert.equal(bars.close.slice(to), close.slice(to));
  assert.ok(Math.abs(bars.close[to - 1]! - close[to - 1]!) <= 1, 'ends where it did');
  const [before, after] = [moves(close, from, to), moves(bars.close, from, to)];
  assert.equal(after.toSorted(), before.toSorted());
  const same = (list: number[]) => list.filter((move, n) => n > 0 && move === list[n - 1]).length / list.length;
  assert.ok(same(before) > 0.9 && Math.abs(same(after) - 0.5) < 0.1, `${same(before)}, ${same(after)}`);
  for (let n = 0; n < bars.close.length; n++)
    assert.ok(bars.low[n]! <= Math.min(bars.open[n]!, bars.close[n]!) && bars.high[n]! >= bars.open[n]!);
});

test.run();
