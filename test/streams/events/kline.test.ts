import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDecoder } from '../../../streams/events/decoder.ts';

const test = suite('streams/events/kline');

const decode = (row: unknown, channel = 'kline_5m') => {
  const text = typeof row === 'string' ? row : JSON.stringify(row);
  return createDecoder().decode(channel, Buffer.from(text));
};

/** As REST `klines` answers: open time, open, high, low, close, volume, close time, quote volume, trades, taker volumes. */
const ROW = [
  1672531200000,
  '16537.50',
  '16540.90',
  '16504.00',
  '16507.20',
  '5381.399',
  1672531499999,
  '88937.5',
  21110,
  '2.5',
  '9',
  '0',
];

test('a row of REST klines is a closed candle', () => {
  assert.equal(decode(ROW), {
    type: 'kline',
    interval: '5m',
    openTimeMs: 1672531200000,
    open: 16537.5,
    high: 16540.9,
    low: 16504,
    close: 16507.2,
    volume: 5381.399,
    quoteVolume: 88937.5,
    buyVolume: 2.5,
    trades: 21110,
    isClosed: true,
  });
});

test('a row from elsewhere may lack all but prices and volume, which are then null', () => {
  const decoded = decode(ROW.slice(0, 6));
  assert.equal(decoded, { ...decode(ROW), quoteVolume: null, buyVolume: null, trades: null });
  assert.equal(decode([1672531200000, 1, 2, 0.5, 1.5, null]), {
    ...decode([1672531200000, '1', '2', '0.5', '1.5', '0']),
    volume: null,
  });
});

test('a row with a bad cell is refused with its place', () => {
  const bad: [index: number, value: unknown][] = [
    [0, -1],
    [0, 1.5],
    [0, '1672531200000.5'],
    [0, null],
    [1, '-16537.5'],
    [1, -16537.5],
    [2, '1e5'],
    [3, ''],
    [4, null],
    [4, true],
    [4, ['16507.20']],
    [5, 'abc'],
    [7, {}],
    [8, 1.5],
    [9, '-1'],
  ];
  for (const [index, value] of bad)
    assert.throws(
      () => decode(ROW.with(index, value as string)),
      new RegExp(`^kline_5m/\\[${index}\\]: expected .* found `),
    );
});

test('what is no row of at least six cells is refused', () => {
  for (const text of ['[]', '[1,2,3,4,5]', '[', '[1,]', '["a"'])
    assert.throws(() => decode(text), /^kline_5m\/: expected .* found /);
});

test('a candle of another interval than its channel is refused', () => {
  const k = { t: 1, i: '1m', o: '1', h: '1', l: '1', c: '1', v: '1', q: '1', V: '1', n: 1, x: true };
  assert.is(decode({ E: 1, k }, 'kline_1m').type, 'kline');
  assert.throws(() => decode({ E: 1, k }, 'kline_5m'), /^kline_5m\/k\/i: expected one of 5m, found "1m"/);
});

test.run();
