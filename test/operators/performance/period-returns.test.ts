import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { periodReturns, usualPeriodMs } from '../../../operators/performance/period-returns.ts';
import { near } from './near.ts';

const test = suite('operators/performance/period-returns');
const DAY = 86_400_000;

test('takes the last value at or before each end, and keeps it over empty periods', () => {
  const samples = { timesMs: [0, 5, 10, 12, 38], values: [100, 105, 110, 99, 121] };
  const { endsMs, values, returns } = periodReturns(samples, { periodMs: 10, fromMs: 0, toMs: 40 });
  assert.equal(endsMs, [10, 20, 30, 40]);
  assert.equal(values, [110, 99, 99, 121]);
  for (const [n, expected] of [0.1, -0.1, 0, 22 / 99].entries()) near(returns[n], expected);
});

test('periods are counted from the epoch, so the ends of a span cut the first and the last', () => {
  const samples = { timesMs: [7, 13, 21], values: [100, 110, 121] };
  const { endsMs } = periodReturns(samples, { periodMs: 10, fromMs: 7, toMs: 21 });
  assert.equal(endsMs, [10, 20, 30]);
});

test('the returns compound to the whole', () => {
  const samples = { timesMs: [0, 3, 14, 27, 33], values: [100, 90, 130, 70, 85] };
  const { returns } = periodReturns(samples, { periodMs: 10, fromMs: 0, toMs: 33 });
  near(
    returns.reduce((product, value) => product * (1 + value), 1),
    0.85,
  );
});

test('ends where nothing is left', () => {
  const samples = { timesMs: [0, 10, 20, 30], values: [100, 50, -25, 40] };
  const { returns, isRuined } = periodReturns(samples, { periodMs: 10, fromMs: 0, toMs: 40 });
  assert.equal(returns, [-0.5, -1.5]);
  assert.ok(isRuined);
});

test('is empty without samples, in an empty span, and from nothing', () => {
  const of = (values: number[], toMs: number) =>
    periodReturns({ timesMs: values.map((_, n) => n), values }, { periodMs: 10, fromMs: 0, toMs }).returns;
  assert.equal(of([], 100), []);
  assert.equal(of([5], 0), []);
  assert.equal(of([0, 5], 100), []);
});

test('the usual period is a day from sixty days on, and at least a second', () => {
  assert.is(usualPeriodMs(60 * DAY), DAY);
  assert.is(usualPeriodMs(59 * DAY), DAY / 6);
  assert.is(usualPeriodMs(DAY), 15 * 60_000);
  assert.is(usualPeriodMs(3_600_000), 60_000);
  assert.is(usualPeriodMs(5_000), 1_000);
});

test.run();
