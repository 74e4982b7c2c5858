import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDerivation } from '../../pipelines/derivation.ts';
import { FEATURE_SETS, setHash } from '../../pipelines/feature-sets.ts';
import type { TableRow } from '../../pipelines/rows.ts';
import { type DerivedLog, deriveLog, entriesOf } from './derive.ts';
import { SMALL_EVENTS } from './small-log.ts';

const test = suite('pipelines/small-log');

test('what is told of each event, and where it comes from', () => {
  const told: string[] = [];
  const derivation = createDerivation({
    onDerived: ({ kind, ...derived }, { entryId, index }) => {
      const of = 'interval' in derived ? ` ${derived.interval}` : 'span' in derived ? ` ${derived.span.closedBy}` : '';
      const why = 'invalidity' in derived ? ` ${derived.invalidity}` : '';
      told.push(`${entryId}:${index} ${kind}${of}${why}`);
    },
    onRefused: () => told.push('refused'),
  });
  for (const entry of entriesOf(SMALL_EVENTS, [1])) derivation.push(entry);
  derivation.end();
  assert.equal(told, [
    '1100-0:0 markPrice',
    '1200-0:0 bookInvalid synchronising',
    '1500-0:0 bookTop',
    '1500-0:0 book',
    '1500-0:0 features',
    '1600-0:0 trade',
    '1700-0:0 bookInvalid gap',
    '1800-0:0 gap open',
    '1900-0:0 trade',
    '1900-0:0 bar 1s',
    '1900-0:0 gap next-event',
    '2100-0:0 bookTop',
    '2100-0:0 book',
    '2100-0:0 features',
    '2200-0:0 liquidation',
    '2400-0:0 kline',
    '2400-0:0 bar 1s',
    '2400-0:0 bar 1m',
  ]);
});

test('the rows of a small log, cell by cell', () => {
  const { rows } = deriveLog(entriesOf(SMALL_EVENTS, [1]));
  const of = (table: string) => rows.filter((row) => row.table === table).map(({ columns }) => columns);
  assert.equal(of('book_top'), [
    {
      ts: 1_100_000,
      receive_time: 1_500_000,
      entry_id: '1500-0:0',
      update_id: 15,
      bid_price: 10,
      bid_qty: 2,
      ask_price: 10.1,
      ask_qty: 6,
    },
    {
      ts: 2_300_000,
      receive_time: 2_100_000,
      entry_id: '2100-0:0',
      update_id: 25,
      bid_price: 9.8,
      bid_qty: 1,
      ask_price: 10.4,
      ask_qty: 3,
    },
  ]);
  assert.equal(of('book_levels')[0], {
    ts: 1_100_000,
    receive_time: 1_500_000,
    entry_id: '1500-0:0',
    update_id: 15,
    bids: [
      [10, 9.9],
      [2, 1],
    ],
    asks: [
      [10.1, 10.2, 10.3],
      [6, 3, 4],
    ],
  });
  assert.equal(of('trades')[0], {
    ts: 1_150_000,
    receive_time: 1_600_000,
    entry_id: '1600-0:0',
    trade_id: 1,
    price: 10.1,
    qty: 0.5,
    side: 'buy',
    first_id: 7,
    last_id: 9,
    channel: 'aggTrade',
  });
  const minute = { interval: '1m', source: 'trades', open: 10.1, high: 10.1, low: 10, close: 10, volume: 0.75 };
  assert.equal(of('bars'), [
    {
      ts: 1_000_000,
      receive_time: 1_900_000,
      entry_id: '1900-0:0',
      ...minute,
      interval: '1s',
      low: 10.1,
      close: 10.1,
      volume: 0.5,
      quote_volume: 5.05,
      buy_volume: 0.5,
      trades: 3,
      is_whole: 0,
    },
    {
      ts: 0,
      receive_time: 2_400_000,
      entry_id: '2400-0:0',
      interval: '1m',
      source: 'kline',
      open: 10,
      high: 11,
      low: 9,
      close: 10,
      volume: 5,
      quote_volume: 50,
      buy_volume: 2,
      trades: 3,
      is_whole: 1,
    },
    {
      ts: 2_000_000,
      receive_time: 2_400_000,
      entry_id: '2400-0:0',
      ...minute,
      interval: '1s',
      open: 10,
      high: 10,
      volume: 0.25,
      quote_volume: 2.5,
      buy_volume: 0,
      trades: 1,
      is_whole: 0,
    },
    {
      ts: 0,
      receive_time: 2_400_000,
      entry_id: '2400-0:0',
      ...minute,
      quote_volume: 7.55,
      buy_volume: 0.5,
      trades: 4,
      is_whole: 0,
    },
  ]);
  assert.equal(of('mark_prices'), [
    {
      ts: 999_000,
      receive_time: 1_100_000,
      entry_id: '1100-0:0',
      mark_price: 10.05,
      index_price: 10.06,
      settle_price: 10.07,
      funding_rate: 0.0001,
      next_funding_time: 28_800_000_000,
    },
  ]);
  assert.equal(of('liquidations'), [
    {
      ts: 2_399_000,
      receive_time: 2_200_000,
      entry_id: '2200-0:0',
      side: 'buy',
      price: 10.5,
      average_price: 10.41,
      qty: 1.5,
      filled_qty: 1.5,
      status: 'FILLED',
    },
  ]);
  const gap = {
    ts: 1_800_000,
    receive_time: 1_800_000,
    entry_id: '1800-0:0',
    channel: 'aggTrade',
    reason: 'refill-failed',
    expected: '2',
    found: '5',
    from_time: 1_600_000,
  };
  assert.equal(of('gaps'), [
    { ...gap, to_time: null, closed_by: 'open' },
    { ...gap, to_time: 1_900_000, closed_by: 'next-event' },
  ]);
  const spread: TableRow['columns'] = of('features_spine_v1')[1]!;
  assert.equal(spread, {
    ts: 2_300_000,
    receive_time: 2_100_000,
    entry_id: '2100-0:0',
    midprice: 10.1,
    microprice: 9.95,
    quoted_spread: 0.6,
    queue_imbalance: -0.5,
    order_flow_imbalance: null,
    trade_imbalance: null,
    realized_volatility: null,
    update_id: 25,
    mask: 0b0001111,
    set_hash: setHash(FEATURE_SETS[0]!),
  });
});

test('a refused payload is a gap of its channel; of depth it makes the book invalid until the next snapshot', () => {
  const bad = (channel: string, payload: string, receiveTimeUs: number) => ({ channel, payload, receiveTimeUs });
  const events = [
    ...SMALL_EVENTS.slice(0, 6),
    bad('depth', '{"E":1', 1_550_000),
    bad('depth', JSON.stringify({ E: 1, T: 1, U: 16, u: 17, pu: 15, b: [], a: [] }), 1_560_000),
    bad('aggTrade', JSON.stringify({ a: 1, p: '10.15', q: '1', f: 1, l: 1, T: 1, m: true }), 1_570_000),
    bad('depthSnapshot', JSON.stringify({ lastUpdateId: 16, bids: [['9.90', '1']], asks: [['10.2', '3']] }), 1_580_000),
    bad('depth', JSON.stringify({ E: 9, T: 9, U: 18, u: 19, pu: 17, b: [], a: [] }), 1_590_000),
  ];
  const { rows, refused } = deriveLog(entriesOf(events, [events.length]));
  assert.is(refused.length, 2);
  assert.match(refused[0]!, /^1000-0:6: depth\/: expected a JSON object, found \{"E":1/);
  assert.match(refused[1]!, /^1000-0:8: aggTrade\/p: expected a decimal that is a multiple of 0.10, found "10.15"$/);
  const gaps = rows.filter(({ table }) => table === 'gaps').map(({ columns }) => columns);
  assert.equal(
    gaps.map((gap) => [
      gap['channel'],
      gap['reason'],
      gap['entry_id'],
      gap['from_time'],
      gap['to_time'],
      gap['closed_by'],
    ]),
    [
      ['depth', 'dead-letter', '1000-0:6', 1_500_000, null, 'open'],
      ['aggTrade', 'dead-letter', '1000-0:8', 1_570_000, null, 'open'],
      ['depth', 'dead-letter', '1000-0:6', 1_500_000, 1_580_000, 'snapshot'],
    ],
  );
  const tops = rows.filter(({ table }) => table === 'book_top').map(({ columns }) => columns['update_id']);
  assert.equal(tops, [15, 19], 'nothing is said of the book in between');
});

test('what was lost before it was read is a gap too', () => {
  const told: string[] = [];
  const derivation = createDerivation({
    onDerived: (derived) => {
      if (derived.kind === 'gap') told.push(`${derived.span.channel} ${derived.span.reason} ${derived.span.closedBy}`);
      else if (derived.kind === 'bookInvalid') told.push(derived.invalidity);
    },
    onRefused: () => told.push('refused'),
  });
  for (const entry of entriesOf(SMALL_EVENTS.slice(0, 6), [1])) derivation.push(entry);
  derivation.pushGap('depth', 'trimmed', { entryId: '5000-0', index: 0, receiveTimeUs: 5_000_000 });
  assert.equal(told, ['synchronising', 'gap', 'depth trimmed open']);
});

test('what comes before the instrument is told, without prices in ticks', () => {
  const early = SMALL_EVENTS.filter(({ channel }) => channel !== 'instrument');
  const { rows, topics, refused } = deriveLog(entriesOf(early, [1]));
  assert.is(refused.length, early.filter(({ channel }) => /depth|aggTrade/.test(channel)).length);
  assert.match(refused[0]!, /expected an instrument event with tick and step size before it, found none/);
  assert.equal([...new Set(rows.map(({ table }) => table))].sort(), ['bars', 'gaps', 'liquidations', 'mark_prices']);
  assert.match(topics.find(([topic]) => topic === 'mark_prices')![1], /"mark_price":"10.05"/);
});

test('a recording that ends closes its bars, also where its last events were derived before', () => {
  const entries = entriesOf(SMALL_EVENTS.slice(0, 7), [1]);
  const bars = ({ rows }: DerivedLog) => rows.filter(({ table }) => table === 'bars');
  assert.is(bars(deriveLog(entries, { isComplete: false })).length, 0);
  assert.is(bars(deriveLog(entries)).length, 2);
  assert.equal(bars(deriveLog(entries, { saveBefore: (index) => index === entries.length })), bars(deriveLog(entries)));
  assert.equal(deriveLog([]).rows, []);
});

test.run();
