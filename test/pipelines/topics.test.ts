import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDerivation, type DerivationOptions } from '../../pipelines/derivation.ts';
import { FEATURE_SETS } from '../../pipelines/feature-sets.ts';
import { type TableRow, toRow } from '../../pipelines/rows.ts';
import { toOpenBarTopic, toTopic } from '../../pipelines/topics.ts';
import { createScale } from '../../streams/events/scale.ts';
import { entriesOf } from './derive.ts';
import { madeMarket } from './made-market.ts';

const test = suite('pipelines/topics');

interface Told {
  readonly topic: string;
  readonly json: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly row: TableRow | undefined;
  readonly index: number;
  readonly receiveTimeUs: number;
}

const TOLD: Told[] = [];
const options: DerivationOptions = {
  onDerived(derived, at, scale) {
    const [topic, json] = toTopic(derived, at, scale);
    const { index, receiveTimeUs } = at;
    TOLD.push({ topic, json, value: JSON.parse(json), row: toRow(derived, at, scale), index, receiveTimeUs });
  },
  onRefused: () => {},
};
// In a market without faults there are whole minutes.
for (const market of [madeMarket({ events: 4_000 }), madeMarket({ events: 8_000, hasFaults: false })]) {
  const derivation = createDerivation(options);
  for (const entry of entriesOf(market, [5, 1, 9])) derivation.push(entry);
  derivation.end();
}

const of = (topic: string): Told[] => TOLD.filter((told) => told.topic === topic);
const DECIMAL = /^-?\d+(\.\d+)?$/;
const DECIMALS: Readonly<Record<string, readonly string[]>> = {
  book_top: ['bid_price', 'bid_qty', 'ask_price', 'ask_qty'],
  trades: ['price', 'qty'],
  bars_1s: ['open', 'high', 'low', 'close', 'volume', 'quote_volume', 'buy_volume'],
  bars_1m: ['open', 'high', 'low', 'close', 'volume', 'quote_volume', 'buy_volume'],
  klines: ['open', 'high', 'low', 'close', 'volume', 'quote_volume', 'buy_volume'],
  liquidations: ['price', 'average_price', 'qty', 'filled_qty'],
  mark_prices: ['mark_price', 'index_price', 'settle_price'],
  gaps: [],
};

test('the topics are those of docs/architecture.md, each told', () => {
  const topics = [...new Set(TOLD.map(({ topic }) => topic))].sort();
  assert.equal(topics, [...Object.keys(DECIMALS), 'book', 'features'].sort());
});

test('each value begins with the index of its event', () => {
  for (const { json, index } of TOLD) assert.ok(json.startsWith(`{"i":${index},"ts":`), json);
});

for (const [topic, decimals] of Object.entries(DECIMALS))
  test(`${topic} is the row, its prices and quantities as decimal texts`, () => {
    assert.ok(of(topic).length > 0);
    for (const { value, row } of of(topic)) {
      const { i: _, ...columns } = value;
      const expected = row!.columns;
      assert.equal(Object.keys(columns), Object.keys(expected));
      for (const [name, cell] of Object.entries(columns)) {
        if (!decimals.includes(name)) assert.equal(cell, expected[name], name);
        else {
          assert.match(String(cell), DECIMAL);
          assert.type(cell, 'string');
          assert.is(Number(cell), expected[name], name);
        }
      }
    }
  });

test('prices and quantities on the grid have its places', () => {
  for (const { value } of [...of('book_top'), ...of('trades')])
    for (const [name, places] of [
      ['bid_price', 1],
      ['price', 1],
      ['bid_qty', 3],
      ['qty', 3],
    ] as const)
      if (name in value) assert.match(String(value[name]), new RegExp(`^\\d+\\.\\d{${places}}$`));
});

test('a book is its best levels as texts, at most 20 a side, best first', () => {
  const books = of('book').filter(({ value }) => value['valid'] === true);
  const tops = of('book_top');
  assert.is(books.length, tops.length);
  assert.ok(books.some(({ value }) => (value['bids'] as unknown[]).length === 20));
  for (const [n, { value, receiveTimeUs }] of books.entries()) {
    assert.equal(Object.keys(value), ['i', 'ts', 'receive_time', 'update_id', 'valid', 'bids', 'asks']);
    assert.is(value['receive_time'], receiveTimeUs);
    const [bids, asks] = [value['bids'], value['asks']] as [string[][], string[][]];
    const top = tops[n]!.value;
    assert.equal(
      [bids[0], asks[0]],
      [
        [top['bid_price'], top['bid_qty']],
        [top['ask_price'], top['ask_qty']],
      ],
    );
    assert.ok(bids.length <= 20 && asks.length <= 20);
    for (const [side, sign] of [
      [bids, -1],
      [asks, 1],
    ] as const)
      for (const [at, [price, qty]] of side.entries()) {
        assert.match(`${price} ${qty}`, /^\d+\.\d \d+\.\d{3}$/);
        if (at > 0) assert.ok(sign * (Number(price) - Number(side[at - 1]![0])) > 0);
      }
  }
});

test('a book that became invalid says so once, and why', () => {
  const states = of('book').map(({ value }) => (value['valid'] === true ? 'valid' : String(value['reason'])));
  assert.is(states[0], 'synchronising');
  assert.ok(states.includes('gap') && states.includes('valid'));
  for (const [n, state] of states.entries()) if (state !== 'valid') assert.is.not(state, states[n - 1]);
  const { value, receiveTimeUs } = of('book').find(({ value: { reason } }) => reason === 'gap')!;
  assert.equal(Object.keys(value), ['i', 'ts', 'update_id', 'valid', 'reason', 'bids', 'asks']);
  assert.equal([value['ts'], value['valid'], value['bids'], value['asks']], [receiveTimeUs, false, [], []]);
});

test('features are numbers by name, null while they warm up', () => {
  const own = ['ts', 'receive_time', 'entry_id', 'set', 'set_hash', 'valid', 'mask'];
  for (const set of FEATURE_SETS) {
    const names = set.columns.map(({ name }) => name);
    const ids = set.sampling === 'quotes' ? ['update_id'] : [];
    const told = of('features').filter(({ value }) => value['set'] === set.id);
    assert.ok(told.length > 2, set.id);
    for (const { value, row } of told) {
      assert.equal(Object.keys(value), ['i', ...own, ...names, ...ids]);
      assert.is(value['valid'], true);
      for (const name of ['ts', 'receive_time', 'entry_id', 'set_hash', 'mask', ...names, ...ids])
        assert.equal(value[name], row!.columns[name]);
    }
  }
});

const SCALE = createScale('0.10', '0.001');
const PLACE = { entryId: '1-0', index: 2, receiveTimeUs: 1_500, channel: 'markPrice' };

test('a number that the grid cannot hold keeps all of its digits, without an exponent', () => {
  const mark = {
    type: 'markPrice',
    eventTimeMs: 1,
    indexPrice: 1.2345e-7,
    settlePrice: null,
    fundingRate: -1e-8,
    nextFundingTimeMs: 2,
  } as const;
  const [, json] = toTopic({ kind: 'markPrice', markPrice: { ...mark, markPrice: 5e-9 } }, PLACE, SCALE);
  const { mark_price, index_price, settle_price, funding_rate } = JSON.parse(json);
  assert.equal([mark_price, index_price, settle_price, funding_rate], ['0.000000005', '0.00000012345', null, -1e-8]);
  const candle = {
    open: 0.123456,
    high: 2e-7,
    low: 5,
    close: 1_234.5,
    volume: 0.0001,
    quoteVolume: 423_075_730_671.1285,
    buyVolume: null,
  };
  const kline = { type: 'kline', interval: '1m', openTimeMs: 1, trades: null, isClosed: true, ...candle } as const;
  const [topic, told] = toTopic({ kind: 'kline', kline }, PLACE, SCALE);
  const { open, high, low, close, volume, quote_volume, buy_volume } = JSON.parse(told);
  assert.is(topic, 'klines');
  assert.equal([open, high, low, close], ['0.123456', '0.0000002', '5.0', '1234.5']);
  assert.equal([volume, quote_volume, buy_volume], ['0.0001', '423075730671.1285', null]);
});

test('the bar in progress is told as bar, in the shape of a closed one', () => {
  const bar = {
    openTimeMs: 60_000,
    openTicks: 101,
    highTicks: 102,
    lowTicks: 99,
    closeTicks: 100,
    volumeSteps: 5,
    quoteVolume: 505,
    buyVolumeSteps: 0,
    trades: 2,
    isClosed: false,
    isWhole: true,
  };
  const [topic, json] = toOpenBarTopic('1m', bar, 7, SCALE);
  assert.is(topic, 'bar');
  assert.is(
    json,
    '{"i":7,"ts":60000000,"interval":"1m","source":"trades","open":"10.1","high":"10.2","low":"9.9","close":"10.0",' +
      '"volume":"0.005","quote_volume":"0.0505","buy_volume":"0.000","trades":2,"is_whole":1}',
  );
});

test.run();
