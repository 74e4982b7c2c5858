import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createWeightBudget } from '../../../services/recorder/weight-budget.ts';

const test = suite('services/recorder/weight-budget');

const MINUTE_MS = 60_000;

function budgetAt(startMs: number) {
  const clock = { nowMs: startMs };
  return { clock, budget: createWeightBudget({ weightPerMinuteMax: 100, nowMs: () => clock.nowMs }) };
}

test('spends a minute’s weight, then waits for the next minute', () => {
  const { clock, budget } = budgetAt(10 * MINUTE_MS + 15_000);
  for (let i = 0; i < 5; i++) assert.is(budget.take(20), 0);
  assert.is(budget.take(1), 45_000);
  clock.nowMs += 45_000;
  assert.is(budget.take(1), 0);
  assert.is(budget.used(), 1);
});

test('believes the venue where it counted more, and itself where calls are under way', () => {
  const { budget } = budgetAt(0);
  budget.take(20);
  budget.report(90);
  assert.is(budget.used(), 90);
  assert.ok(budget.take(20) > 0);
  budget.report(5);
  assert.is(budget.used(), 90);
});

test('stops every call while the venue says so', () => {
  const { clock, budget } = budgetAt(0);
  budget.block(120_000);
  budget.block(1_000);
  assert.is(budget.take(1), 120_000);
  clock.nowMs = 119_999;
  assert.is(budget.blockedForMs(), 1);
  assert.is(budget.take(1), 1);
  clock.nowMs = 120_000;
  assert.is(budget.take(1), 0);
});

test('a call dearer than the whole budget still has its turn', () => {
  const { budget } = budgetAt(0);
  assert.is(budget.take(500), 0);
  assert.ok(budget.take(1) > 0);
});

test.run();
