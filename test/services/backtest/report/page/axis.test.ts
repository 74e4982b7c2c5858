import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { numberTicks, timeTicks } from '../../../../../services/backtest/report/page/axis.ts';

const test = suite('services/backtest/report/page/axis');
const labels = (ticks: { label: string }[]) => ticks.map(({ label }) => label);
const at = (text: string) => Date.parse(`${text}Z`);

test('numbers are marked at steps of 1, 2 or 5', () => {
  assert.equal(labels(numberTicks(-0.28, 0.03, 3)), ['−0.2', '−0.1', '0.0']);
  assert.equal(labels(numberTicks(9_930, 10_220, 5)), ['9,950', '10,000', '10,050', '10,100', '10,150', '10,200']);
  assert.equal(labels(numberTicks(0, 1e-9, 2)).length, 3);
  assert.equal(numberTicks(3, 3, 5), []);
  assert.equal(numberTicks(Number.NaN, 3, 5), []);
});

test('times are marked at round ones, the day at midnight', () => {
  assert.equal(labels(timeTicks(at('2024-08-08T22:10'), at('2024-08-09T03:00'))), [
    '23:00',
    '08-09',
    '01:00',
    '02:00',
    '03:00',
  ]);
  assert.equal(labels(timeTicks(at('2024-08-08T12:00:00'), at('2024-08-08T12:00:12'))).slice(0, 2), [
    '12:00:00',
    '12:00:02',
  ]);
  assert.equal(labels(timeTicks(at('2024-01-15T00:00'), at('2024-05-15T00:00'))), [
    '2024-02',
    '2024-03',
    '2024-04',
    '2024-05',
  ]);
  assert.equal(labels(timeTicks(at('2020-02-15T00:00'), at('2024-05-15T00:00'))), [
    '2021-01',
    '2022-01',
    '2023-01',
    '2024-01',
  ]);
});

test('there are never more than eight', () => {
  for (let span = 1_000; span < 1e12; span *= 1.7) {
    const { length } = timeTicks(at('2024-08-08T22:10'), at('2024-08-08T22:10') + span);
    assert.ok(length <= 8, `${length} in ${span} ms`);
  }
});

test.run();
