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
/** Every channel once or twice, its figures small enough to reckon by hand. */
export const SMALL_EVENTS = SMALL.map(([channel, payload], n) => ({
  channel,
  payload: JSON.stringify(payload),
  receiveTimeUs: 1_000_000 + n * 100_000,
}));
