import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createAwakeClock } from '../../../services/recorder/awake-clock.ts';

const test = suite('services/recorder/awake-clock');

test('goes with the wall’s time, and stands still through a stall', () => {
  let wallMs = 70_000;
  const clock = createAwakeClock(1_000, () => wallMs);
  assert.is(clock(), 0);
  wallMs += 500;
  assert.is(clock(), 500);
  assert.is(clock(), 500);
  wallMs += 60_000;
  assert.is(clock(), 1_500, 'a minute without a look');
  wallMs += 1_000;
  assert.is(clock(), 2_500);
});

test.run();
