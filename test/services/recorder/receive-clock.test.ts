import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createReceiveClock } from '../../../services/recorder/receive-clock.ts';

const test = suite('services/recorder/receive-clock');

test('is finer than a millisecond and does not go back', () => {
  const beforeMs = Date.now();
  const clock = createReceiveClock();
  const times = Array.from({ length: 2_000 }, () => clock());
  assert.ok(times.every((time, i) => i === 0 || time >= times[i - 1]!));
  assert.ok(new Set(times.map((time) => time % 1_000)).size > 10, 'microseconds');
  assert.ok(times[0]! / 1_000 > beforeMs - 10 && times[0]! / 1_000 < Date.now() + 10);
});

test('follows steps of the wall clock both ways, and not the jitter of its whole milliseconds', () => {
  let wallMs = 1_790_000_000_000;
  let monotonicMs = 5_000;
  const clock = createReceiveClock(
    () => Math.floor(wallMs),
    () => monotonicMs,
  );
  const advance = (ms: number) => {
    wallMs += ms;
    monotonicMs += ms;
  };
  const first = clock();
  advance(0.4);
  assert.is(clock() - first, 400);
  advance(0.9);
  assert.is(clock() - first, 1_300);
  wallMs += 60_000;
  assert.is(clock(), Math.floor(wallMs) * 1_000);
  wallMs -= 3_600_000;
  advance(1);
  assert.is(clock(), Math.floor(wallMs) * 1_000);
});

test.run();
