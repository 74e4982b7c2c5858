import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createGridGauge } from '../../../services/importer/grid-gauge.ts';
import { createTimeOrder } from '../../../services/importer/time-order.ts';

const test = suite('services/importer/grid-gauge');

function unitOf(...texts: string[]): string | undefined {
  const gauge = createGridGauge();
  for (const text of texts) gauge.readText(text);
  gauge.keep();
  return gauge.unit();
}

test('finds the unit of which all numbers are multiples', () => {
  assert.is(unitOf('61800.20', '61800.3', '61799.00'), '0.1');
  assert.is(unitOf('1.05', '1.10', '2.00'), '0.05');
  assert.is(unitOf('0.00000001', '12345678'), '0.00000001');
  assert.is(unitOf('61837.63000000', '0.5'), '0.01');
  assert.is(unitOf('0', '0.000'), undefined);
});

test('does not take a few round numbers for the unit', () => {
  assert.is(unitOf('84550.00'), '1');
  assert.is(unitOf('0.036', '0.072'), '0.001');
  const hundreds = Array.from({ length: 2_000 }, (_, i) => String((i + 1) * 100));
  assert.is(unitOf(...hundreds), '100');
});

test('stays exact where numbers are large and fine', () => {
  assert.is(unitOf('99999999999999', '0.3'), '0.1');
  assert.is(unitOf('900000000000000', '0.00000002'), '0.00000002');
});

test('forgets what belonged to a refused payload', () => {
  const gauge = createGridGauge();
  gauge.readText('1.5');
  gauge.readText('2.5');
  gauge.keep();
  gauge.readText('0.123456');
  gauge.forget();
  assert.is(gauge.unit(), '0.5');
});

const SECOND_US = 1_000_000;
const START_US = 1_700_000_000 * SECOND_US;

function judged(...seconds: number[]): { accepted: number[]; refused: number[] } {
  const result: { accepted: number[]; refused: number[] } = { accepted: [], refused: [] };
  const order = createTimeOrder<{ timeUs: number; second: number }>({
    accept: ({ second }) => result.accepted.push(second),
    refuse: ({ second }) => result.refused.push(second),
  });
  for (const second of seconds) order.push({ timeUs: START_US + second * SECOND_US, second });
  order.finish();
  return result;
}

test('lets receive times go back a little', () => {
  assert.equal(judged(0, 10, 9, 5, 11), { accepted: [0, 10, 9, 5, 11], refused: [] });
});

test('refuses a receive time that goes back far, and only that', () => {
  assert.equal(judged(100, 101, 1, 102), { accepted: [100, 101, 102], refused: [1] });
});

test('refuses a receive time that jumps ahead of all others, and only that', () => {
  assert.equal(judged(0, 1, 9_999, 2, 3), { accepted: [0, 1, 2, 3], refused: [9_999] });
});

test('follows a pause of the recorder', () => {
  assert.equal(judged(0, 1, 90_000, 90_001), { accepted: [0, 1, 90_000, 90_001], refused: [] });
});

test('gives an event without a time that of the event before it', () => {
  const times: number[] = [];
  const order = createTimeOrder<{ timeUs: number }>({
    accept: ({ timeUs }) => times.push(timeUs),
    refuse: () => times.push(-1),
  });
  for (const timeUs of [Number.NaN, START_US, Number.NaN, START_US + 5]) order.push({ timeUs });
  order.finish();
  assert.equal(times, [-1, START_US, START_US, START_US + 5]);
});

test.run();
