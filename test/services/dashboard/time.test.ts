import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { clockTime, countdown, dateTime, duration } from '../../../services/dashboard/src/format/time.ts';

const INSTANT_MS = Date.UTC(2026, 10, 25, 14, 3, 22, 123);

test('shows instants in UTC', () => {
  assert.is(clockTime(INSTANT_MS), '14:03:22');
  assert.is(dateTime(INSTANT_MS), '2026-11-25 14:03:22');
});

test('counts down to nothing and not below', () => {
  assert.equal([11_529_000, 59_999, 0, -5_000].map(countdown), ['03:12:09', '00:00:59', '00:00:00', '00:00:00']);
});

test('shows a length of time in the unit that suits', () => {
  const lengths = [-3, 0, 12.4, 1_400, 14_000, 60_000, 200_000, 7_500_000, 200_000_000];
  const shown = ['0 ms', '0 ms', '12 ms', '1.4 s', '14 s', '1 min', '3 min 20 s', '2 h 5 min', '2 d 7 h'];
  assert.equal(lengths.map(duration), shown);
});

test.run();
