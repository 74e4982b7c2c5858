import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDerivation } from '../../pipelines/derivation.ts';
import type { TableRow } from '../../pipelines/rows.ts';
import { BTCUSDT_2023, readCapture } from '../support/captures.ts';
import { type DerivedLog, deriveLog, entriesOf, plainRows } from './derive.ts';
import { madeMarket } from './made-market.ts';

const test = suite('pipelines/derivation');

const MARKET = madeMarket({ events: 3_000 });
const count = ({ rows }: DerivedLog): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { table } of rows) counts[table] = (counts[table] ?? 0) + 1;
  return counts;
};

function assertSame(found: unknown, expected: unknown, message: string): void {
  // An assertion on this much would take minutes to say what differs.
  assert.ok(isDeepStrictEqual(found, expected), message);
}

test('a market with every channel and every fault gives rows of every table', () => {
  const log = deriveLog(entriesOf(MARKET));
  const counts = count(log);
  const tables = [
    'bars',
    'book_levels',
    'book_top',
    'features_spine_v1',
    'gaps',
    'liquidations',
    'mark_prices',
    'trades',
  ];
  assert.equal(Object.keys(counts).sort(), tables);
  for (const table of tables) assert.ok(counts[table]! > 5, `${table}: ${counts[table]}`);
  assert.ok(log.refused.length > 5, `${log.refused.length} refused`);
});

test('in a market without faults every feature warms up and stays so', () => {
  const entries = entriesOf(madeMarket({ events: 3_000, hasFaults: false }), [20]);
  const features = deriveLog(entries).rows.filter(({ table }) => table === 'features_spine_v1');
  const masks = features.map(({ columns }) => columns['mask']);
  assert.is(masks[0], 0b0001111);
  assert.ok(masks.length > 1_000);
  const warm = masks.indexOf(0b1111111);
  assert.ok(warm > 0 && masks.slice(warm).every((mask) => mask === 0b1111111));
});

test('rows do not depend on how the events are cut into entries', () => {
  const whole = plainRows(deriveLog(entriesOf(MARKET, [MARKET.length])).rows);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 9 }), (sizes) => {
      assertSame(plainRows(deriveLog(entriesOf(MARKET, sizes)).rows), whole, `entries of ${sizes} events`);
    }),
    { numRuns: 8 },
  );
});

test('a derivation saved and taken up, at any point, tells the same to the last bit', () => {
  const entries = entriesOf(MARKET, [1, 4, 2]);
  const expected = deriveLog(entries);
  assertSame(deriveLog(entries, { saveBefore: (index) => index % 7 === 3 }), expected, 'saved again and again');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(entries.length), { minLength: 1, maxLength: 4 }), (points) => {
      const found = deriveLog(entries, { saveBefore: (index) => points.includes(index) });
      assertSame(found, expected, `saved before entries ${points}`);
    }),
    { numRuns: 8 },
  );
  for (const index of [0, 1, 2, entries.length])
    assertSame(deriveLog(entries, { saveBefore: (at) => at === index }), expected, `saved before entry ${index}`);
});

test(`of ${BTCUSDT_2023.file}, in any entries and saved at any points, the rows are the same to the last bit`, () => {
  const events = readCapture(BTCUSDT_2023);
  if (events === undefined) return;
  const expected = deriveLog(entriesOf(events, [50]));
  assert.equal(expected.refused, []);
  const cut = deriveLog(entriesOf(events, [1, 7, 300]));
  assertSame(plainRows(cut.rows), plainRows(expected.rows), 'cut otherwise');
  const saved = deriveLog(entriesOf(events, [50]), { saveBefore: (index) => index % 31 === 5 });
  assertSame(saved, expected, 'saved');
});

const SMALL = [
  ['connected', { channels: ['depth'], connection: 1 }],
  ['markPrice', { E: 999, p: '10.05', i: '10.06', P: '10.07', r: '0.0001', T: 28_800_000 }],
  [
    'instrument',
    {
      symbol: 'X',
      filters: [
        { filterType: 'PRICE_FILTER', tickSize: '0.10' },
        { filterType: 'LOT_SIZE', stepSize: '0.001' },
      ],
    },
  ],
  ['depth', { E: 1_001, T: 1_000, U: 11, u: 12, pu: 10, b: [['10.0', '2.000']], a: [] }],
  [
    'depthSnapshot',
    {
      lastUpdateId: 11,
      bids: [['9.90', '1.000']],
      asks: [
        ['10.20', '3.000'],
        ['10.30', '4.000'],
      ],
    },
  ],
  ['depth', { E: 1_101, T: 1_100, U: 13, u: 15, pu: 12, b: [], a: [['10.1', '6.000']] }],
  ['aggTrade', { a: 1, p: '10.1', q: '0.500', f: 7, l: 9, T: 1_150, m: false }],
  ['depth', { E: 1_201, T: 1_200, U: 20, u: 21, pu: 19, b: [], a: [] }],
  ['gap', { channel: 'aggTrade', expected: '2', found: '5', reason: 'refill-failed' }],
  ['aggTrade', { a: 5, p: '10.0', q: '0.250', f: 20, l: 20, T: 2_150, m: true }],
  ['depthSnapshot', { lastUpdateId: 21, bids: [['9.80', '1.000']], asks: [['10.40', '3.000']] }],
  ['depth', { E: 2_301, T: 2_300, U: 22, u: 25, pu: 21, b: [], a: [] }],
  ['forceOrder', { E: 2_400, o: { S: 'BUY', q: '1.5', p: '10.5', ap: '10.41', X: 'FILLED', z: '1.5', T: 2_399 } }],
  [
    'kline_1m',
    { E: 2_500, k: { t: 0, i: '1m', o: '10', h: '11', l: '9', c: '10', v: '5', q: '50', V: '2', n: 3, x: false } },
  ],
  [
    'kline_1m',
    { E: 60_000, k: { t: 0, i: '1m', o: '10', h: '11', l: '9', c: '10', v: '5', q: '50', V: '2', n: 3, x: true } },
  ],
] as const;
const SMALL_EVENTS = SMALL.map(([channel, payload], n) => ({
  channel,
  payload: JSON.stringify(payload),
  receiveTimeUs: 1_000_000 + n * 100_000,
}));

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
    },
    { ts: 0, receive_time: 2_400_000, entry_id: '2400-0:0', ...minute, quote_volume: 7.55, buy_volume: 0.5, trades: 4 },
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

test('a state that is none is refused', () => {
  const options = { onDerived: () => {}, onRefused: () => {} };
  assert.throws(() => createDerivation({ ...options, saved: Buffer.from('nonsense') }));
});

test.run();
