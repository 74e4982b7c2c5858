import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drawdowns, maxDrawdownOfReturns } from '../../../operators/performance/drawdown.ts';
import { random } from '../../../operators/random.ts';
import { near } from './near.ts';

const test = suite('operators/performance/drawdown');

test('tells the deepest and the longest fall apart', () => {
  const timesMs = [0, 10, 20, 30, 40, 80, 90];
  const values = [100, 120, 90, 120, 119, 130, 125];
  const { deepest, longest, underWater } = drawdowns({ timesMs, values }, 100);
  assert.equal(deepest, { amount: 30, share: 0.25, peakMs: 10, troughMs: 20, recoveredMs: 30, durationMs: 20 });
  assert.equal(longest, { amount: 1, share: 1 / 120, peakMs: 30, troughMs: 40, recoveredMs: 80, durationMs: 50 });
  near(underWater, (10 + 40 + 10) / 100);
});

test('a fall that is not over lasts to the end', () => {
  const { deepest } = drawdowns({ timesMs: [0, 10, 20], values: [100, 80, 90] }, 50);
  assert.equal(deepest, { amount: 20, share: 0.2, peakMs: 0, troughMs: 10, recoveredMs: null, durationMs: 50 });
});

test('is more than all where the equity goes below nothing', () => {
  assert.is(drawdowns({ timesMs: [0, 1], values: [100, -50] }, 2).deepest?.share, 1.5);
});

test('there is none where nothing fell, or where nothing was ever there', () => {
  const none = { deepest: null, longest: null };
  assert.equal(drawdowns({ timesMs: [0, 1], values: [1, 2] }, 2), { ...none, underWater: 0 });
  assert.equal(drawdowns({ timesMs: [], values: [] }, 2), { ...none, underWater: null });
  assert.equal(drawdowns({ timesMs: [2], values: [5] }, 2), { ...none, underWater: null });
  assert.is(drawdowns({ timesMs: [0, 1], values: [-1, -2] }, 2).deepest, null);
});

test('of a random walk it is what comparing all pairs gives', () => {
  const { normal } = random(3);
  let value = 1_000;
  const values = Array.from({ length: 400 }, () => (value += normal()));
  const timesMs = values.map((_, n) => n);
  let share = 0;
  for (const [n, before] of values.entries())
    for (const after of values.slice(n)) share = Math.max(share, 1 - after / before);
  near(drawdowns({ timesMs, values }, 400).deepest?.share, share);
  const returns = values.slice(1).map((after, n) => after / values[n]! - 1);
  near(maxDrawdownOfReturns(returns), share);
  assert.is(maxDrawdownOfReturns([]), 0);
});

test.run();
