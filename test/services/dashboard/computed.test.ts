import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { groupOutputs } from '../../../services/dashboard/src/chart/computed-lines.ts';
import { type ChartLine, createLineSource } from '../../../services/dashboard/src/chart/line-source.ts';
import { readComputed } from '../../../services/dashboard/src/market/computed.ts';
import { priceOutputs } from '../../../services/dashboard/src/market/computed-feature.ts';
import { createSeries } from '../../../services/dashboard/src/store/series.ts';

const second = 1_000_000;

test('a bar’s row is drawn where its candle is, and one of quotes in its second', () => {
  const body = (ts: number) => ({ items: [[ts, 1]] });
  const timeS = (interval: '1s' | '1m' | null, ts: number) => readComputed(interval, 1)(body(ts))[0]!.timeS;
  assert.is(timeS('1m', 120 * second), 60);
  assert.is(timeS('1m', 119 * second), 60);
  assert.is(timeS('1s', 120 * second), 119);
  assert.is(timeS(null, 120 * second), 120);
  assert.is(timeS(null, 120.9 * second), 120);
});

test('rows that are not a time and a value an output are refused', () => {
  for (const row of [[second], [second, 1, 2], [second, 'x'], ['1', 1], 7, [null, 1]])
    assert.throws(() => readComputed(null, 1)({ items: [row] }), /computed\/items\/0: expected a time and 1 values/);
  assert.equal(readComputed(null, 2)({ items: [[second, null, 4]] }), [{ timeS: 1, atUs: second, values: [null, 4] }]);
});

const output = (name: string, unit: string, least: number | null = null, greatest: number | null = null) => ({
  name,
  unit,
  least,
  greatest,
  meaning: '',
  drawn: 'line' as const,
  guides: [],
  filledTo: null,
  drawnLaterBy: null,
});

test('outputs of one unit and range share a pane', () => {
  const bands = [
    output('lower', 'quote asset'),
    output('upper', 'quote asset'),
    output('width', 'ratio', 0),
    output('percent_b', 'ratio'),
  ];
  assert.equal(groupOutputs(bands, [0, 1, 2, 3]), [[0, 1], [2], [3]]);
  assert.equal(groupOutputs(bands, [3, 1]), [[3], [1]]);
});

test('what is near the price belongs among candles, and a difference of prices does not', () => {
  const outputs = [output('average', 'quote asset'), output('range', 'quote asset'), output('share', 'percent')];
  const sample = (...values: (number | null)[]) => ({ timeS: 1, atUs: second, values });
  assert.equal(priceOutputs(outputs, [sample(101, 2, 99)], 100), [0]);
  assert.equal(priceOutputs(outputs, [sample(101, 2, 99), sample(null, null, 99)], 100), [0]);
  assert.is(priceOutputs(outputs, [sample(null, null, 99)], 100), null, 'warming up');
  assert.is(priceOutputs(outputs, [sample(101, 2, 99)], null), null, 'no price yet');
});

test('a line is not drawn across what is missing', () => {
  const series = createSeries<{ timeS: number; value: number | null }>(100, (task) => task());
  for (const [timeS, value] of [
    [0, 1],
    [1, 2],
    [2, null],
    [3, 4],
    [4, 5],
    [8, 6],
  ] as const)
    series.put({ timeS, value });
  const line: ChartLine = {
    label: 'x',
    line: 0,
    drawn: 'line',
    middle: null,
    range: null,
    guides: [],
    laterS: 0,
    format: String,
  };
  const source = createLineSource({
    samples: series,
    panes: [{ title: null, lines: [line], fills: [], channels: [], warmUp: null }],
    readValue: ({ value }) => value,
    stepS: 1,
    bridgedS: 2,
  });
  const points = source.points(line, Number.NEGATIVE_INFINITY);
  const told = points.map((point) =>
    'value' in point ? `${point.time}${'color' in point ? ' unseen' : ''}` : `${point.time} empty`,
  );
  assert.equal(told, ['0', '1 unseen', '2 empty', '3', '4 unseen', '5 empty', '6 empty', '7 empty', '8']);
  assert.equal(
    source.points(line, 4).map(({ time }) => time),
    [4, 5, 6, 7, 8],
    'what was drawn last is drawn again',
  );
  assert.equal([source.valueAt(line, 3), source.valueAt(line, 2), source.valueAt(line, 6)], [4, null, null]);
  assert.is(source.valueAt(line, null), 6);
});

test.run();
