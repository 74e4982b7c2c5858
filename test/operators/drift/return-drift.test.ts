import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { returnDrift } from '../../../operators/drift/return-drift.ts';
import { random } from '../../../operators/random.ts';

const test = suite('operators/drift/return-drift');

const { uniform } = random(3);
const TESTED = Array.from({ length: 120 }, () => 0.002 + (uniform() - 0.5) * 0.02);
const options = () => ({ blockLength: 3, uniform: random(1).uniform });

test('a loss that one of a hundred such times would have is an alarm, a smaller one none', () => {
  const { lowest, median, verdict } = returnDrift(TESTED, 30, 0.06, options());
  assert.is(verdict, 'usual');
  // Thirty periods with a mean of 0.002 and a deviation of 0.02 / √12.
  assert.ok(Math.abs(median - (1.002 ** 30 - 1)) < 0.03, `${median}`);
  assert.ok(lowest < 0 && lowest > -0.08, `${lowest}`);
  assert.is(returnDrift(TESTED, 30, lowest + 1e-9, options()).verdict, 'usual');
  assert.is(returnDrift(TESTED, 30, lowest - 1e-9, options()).verdict, 'drifted');
  assert.is(returnDrift(TESTED, 400, -0.5, options()).verdict, 'drifted');
});

test('an agent that goes on as it was tested is taken for drifted once in a hundred times, also where that time is as long as the test', () => {
  const draws = random(7);
  const times = (count: number) => Array.from({ length: count }, () => 0.001 + (draws.uniform() - 0.5) * 0.02);
  const alarmShare = (periods: number): number => {
    const trials = 300;
    const alarms = Array.from({ length: trials }, () => {
      const found = times(periods).reduce((wealth, one) => wealth * (1 + one), 1) - 1;
      return returnDrift(times(60), periods, found, { blockLength: 1, uniform: draws.uniform }).verdict === 'drifted';
    });
    return alarms.filter(Boolean).length / trials;
  };
  // Were the test's mean the true one, it would be 5 and 9 of 100.
  for (const periods of [10, 60, 180]) {
    const share = alarmShare(periods);
    assert.ok(share > 0 && share <= 0.025, `${share} of ${periods} periods`);
  }
});

test('of few periods nothing is said', () => {
  assert.is(returnDrift(TESTED, 4, -0.9, options()).verdict, 'too-few');
  assert.is(returnDrift(TESTED.slice(0, 19), 30, -0.9, options()).verdict, 'too-few');
});

test.run();
