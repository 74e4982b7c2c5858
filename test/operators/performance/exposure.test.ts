import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exposure } from '../../../operators/performance/exposure.ts';
import { near } from './near.ts';

const test = suite('operators/performance/exposure');

test('weighs by time', () => {
  const held = exposure(
    { timesMs: [0, 10, 40, 60], equity: [100, 100, 200, 100], position: [0, 2, -1, 0], price: [50, 50, 50, 50] },
    100,
  )!;
  near(held.inPosition, 0.5);
  near(held.long, 0.3);
  near(held.short, 0.2);
  near(held.meanLeverage, 0.3 * 1 + 0.2 * 0.25);
  assert.is(held.maxLeverage, 1);
  assert.is(held.maxPosition, 2);
  near(held.meanEquity, 120);
});

test('without a price or equity there is no leverage, but time goes on', () => {
  const held = exposure({ timesMs: [0, 5], equity: [100, -10], position: [1, 1], price: [Number.NaN, 50] }, 10)!;
  assert.is(held.inPosition, 1);
  assert.is(held.meanLeverage, null);
  assert.is(held.maxLeverage, null);
});

test('an empty span has no answer', () => {
  const none: number[] = [];
  assert.is(exposure({ timesMs: none, equity: none, position: none, price: none }, 10), null);
  assert.is(exposure({ timesMs: [10], equity: [1], position: [0], price: [1] }, 10), null);
});

test.run();
