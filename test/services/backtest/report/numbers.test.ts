import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  amount,
  counted,
  decimal,
  duration,
  exact,
  percent,
  range,
  signed,
  utc,
} from '../../../../services/backtest/report/numbers.ts';

const test = suite('services/backtest/report/numbers');

test('figures have thousands, a true minus, and a dash where there are none', () => {
  assert.is(decimal(-1234567.891), '−1,234,567.89');
  assert.is(decimal(-0.001), '0.00');
  assert.is(decimal(999, 0), '999');
  assert.is(decimal(1000, 0), '1,000');
  assert.is(decimal(2e20), '2.000e20');
  for (const none of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.is(decimal(none), '–');
    assert.is(amount(none), '–');
    assert.is(percent(none), '–');
    assert.is(duration(none), '–');
    assert.is(exact(none), '–');
  }
});

test('small amounts keep three digits', () => {
  assert.is(amount(12.345), '12.35');
  assert.is(amount(-0.0123456), '−0.0123');
  assert.is(amount(0), '0.00');
  assert.is(percent(0.12345), '12.35 %');
  assert.is(percent(0.0001234), '0.0123 %');
  assert.is(exact(0.001), '0.001');
  assert.is(exact(60_123.4), '60,123.4');
  assert.is(exact(100), '100');
});

test('a plus stands before gains only', () => {
  assert.equal(['1.00', '0.00', '−1.00', '–', '0.01 %'].map(signed), ['+1.00', '0.00', '−1.00', '–', '+0.01 %']);
});

test('durations have two units at most and never sixty of one', () => {
  assert.equal(
    [0, 1.5, 80, 1_000, 12_500, 60_000, 90_000, 3_599_999, 3_600_000, 86_400_000 * 3 + 3_600_000 * 4].map(duration),
    ['0 ms', '1.5 ms', '80 ms', '1 s', '12.5 s', '1 min', '1 min 30 s', '1 h', '1 h', '3 d 4 h'],
  );
  assert.is(duration(86_400_000 - 1), '1 d');
});

test('times are of UTC, counts have their plural', () => {
  assert.is(utc(1_723_161_255_088), '2024-08-08 23:54:15');
  assert.equal([counted(1, 'fill'), counted(2_000, 'fill')], ['1 fill', '2,000 fills']);
  assert.is(range({ low: -1, high: 2 }, decimal), '−1.00 to 2.00');
  assert.is(range(null, decimal), '–');
});

test.run();
