import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventToAppend } from '../../streams/entry.ts';
import { deriveLog, entriesOf, plainRows } from './derive.ts';

const test = suite('pipelines/klines');

/** The venue's update of a minute's candle, received a second after the one before. */
function klines(
  ...updates: readonly (readonly [minute: number, volume: string, isClosed: boolean])[]
): EventToAppend[] {
  return updates.map(([minute, v, x], n) => {
    const E = 600_000 + n * 1_000;
    const k = { t: minute * 60_000, i: '1m', o: '10', h: '12', l: '9', c: '11', v, q: '50.5', V: '2.25', n: 3, x };
    return { channel: 'kline_1m', payload: JSON.stringify({ e: 'kline', E, k }), receiveTimeUs: E * 1_000 };
  });
}

const closed = (minute: number, volume: number, receiveTimeUs: number) => ({
  table: 'bars',
  ts: minute * 60_000_000,
  receive_time: receiveTimeUs,
  interval: '1m',
  source: 'kline',
  open: 10,
  high: 12,
  low: 9,
  close: 11,
  volume,
  quote_volume: 50.5,
  buy_volume: 2.25,
  trades: 3,
  is_whole: 1,
});

const barsOf = (events: readonly EventToAppend[]) => plainRows(deriveLog(entriesOf(events)).rows, 'bars');

test('a kline has a row when it closes, of its own time', () => {
  const rows = barsOf(klines([1, '4', false], [1, '5', true], [2, '6', false], [2, '7', true]));
  assert.equal(rows, [closed(1, 5, 601_000_000), closed(2, 7, 603_000_000)]);
});

test('a kline that comes again gives the same row again, known by its time', () => {
  const rows = barsOf(klines([1, '5', true], [1, '5', true]));
  assert.equal(rows, [closed(1, 5, 600_000_000), closed(1, 5, 601_000_000)]);
});

test('a kline that comes after a later one gives the row of its own time, and changes no other', () => {
  const rows = barsOf(klines([2, '7', true], [1, '5', true], [3, '8', true]));
  assert.equal(rows, [closed(2, 7, 600_000_000), closed(1, 5, 601_000_000), closed(3, 8, 602_000_000)]);
});

test('an update of a candle that is closed already, come late, gives none', () => {
  const rows = barsOf(klines([1, '5', true], [1, '4', false], [2, '1', false], [1, '3', false]));
  assert.equal(rows, [closed(1, 5, 600_000_000)]);
});

test('each closed kline is told of as it comes', () => {
  const { topics } = deriveLog(entriesOf(klines([1, '5', true], [1, '5', true], [1, '4', false])));
  assert.equal(
    topics.map(([topic]) => topic),
    ['klines', 'klines'],
  );
});

test.run();
