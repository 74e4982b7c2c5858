import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBackoff } from '../../../services/recorder/backoff.ts';

const test = suite('services/recorder/backoff');

test('doubles up to its limit and begins again after a success', () => {
  const backoff = createBackoff({ firstMs: 100, maxMs: 1_000, random: () => 0.999_999 });
  const waits = Array.from({ length: 6 }, () => Math.round(backoff.next()));
  assert.equal(waits, [100, 200, 400, 800, 1_000, 1_000]);
  assert.is(backoff.attempts(), 6);
  backoff.reset();
  assert.is(Math.round(backoff.next()), 100);
});

test('spreads over the upper half of each wait', () => {
  const wait = (random: number) => createBackoff({ firstMs: 100, maxMs: 1_000, random: () => random }).next();
  assert.is(wait(0), 50);
  assert.is(wait(0.5), 75);
});

test.run();
