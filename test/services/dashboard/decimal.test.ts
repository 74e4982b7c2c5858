import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bytes,
  compact,
  decimalsOf,
  grouped,
  groupedText,
  percent,
  plain,
  signed,
  significant,
} from '../../../services/dashboard/src/format/decimal.ts';

test('counts the digits behind the point of a step', () => {
  const found = ['0.10', '0.01000000', '1', '1.00', '1e-7', '0.0001'].map(decimalsOf);
  assert.equal(found, [1, 2, 0, 0, 7, 4]);
});

test('groups thousands before the point only', () => {
  assert.is(grouped(1234567.891, 2), '1,234,567.89');
  assert.is(grouped(999, 4), '999.0000');
  assert.is(grouped(-1234.5, 1), '−1,234.5');
  assert.is(grouped(Number.NaN, 1), '–');
});

test('shows the digits that a number has, but for those of its arithmetic', () => {
  assert.equal([793014 * 0.1, 79_318, 0.1 + 0.2, 1.5e-7, -3].map(plain), [
    '79,301.4',
    '79,318',
    '0.3',
    '0.00000015',
    '−3',
  ]);
});

test('does not show a negative zero', () => {
  assert.is(grouped(-0.001, 2), '0.00');
  assert.is(signed(-0.001, 2), '0.00');
  assert.is(signed(0.001, 2), '0.00');
});

test('brings a decimal text to the digits of the tick without a float', () => {
  assert.is(groupedText('65123.40000000', 1), '65,123.4');
  assert.is(groupedText('9007199254740993.1', 2), '9,007,199,254,740,993.10', 'beyond what a float can hold');
  assert.is(groupedText('-12.5', 2), '−12.50');
  assert.is(groupedText('7', 0), '7');
});

test('rounds a decimal text with more digits than the tick, and never cuts it', () => {
  assert.is(groupedText('1.129', 2), '1.13');
  assert.is(groupedText('1e-3', 3), '0.001');
});

test('tells signs of ratios', () => {
  assert.is(percent(0.00423), '+0.42%');
  assert.is(percent(-0.0001, 4), '−0.0100%');
  assert.is(percent(Number.POSITIVE_INFINITY), '–');
});

test('shortens large numbers and steps up where rounding reaches the next unit', () => {
  const found = [0, 12, 999.4, 999.9, 1234, 56_789, 1_234_567, 2.5e12].map(compact);
  assert.equal(found, ['0', '12', '999', '1.00K', '1.23K', '56.8K', '1.23M', '2.50T']);
});

test('shows three significant digits of small numbers', () => {
  assert.equal([0, 0.000321, 0.5, 12.34, 4567].map(significant), ['0', '0.000321', '0.500', '12.3', '4,567']);
});

test('shows memory in binary units', () => {
  assert.equal([5 * 1024 ** 2, 183 * 1024 ** 2, 1.5 * 1024 ** 3].map(bytes), ['5.0 MiB', '183 MiB', '1.5 GiB']);
});

test.run();
