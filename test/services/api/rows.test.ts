import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { testInstrument } from '../../support/servers.ts';
import { appendEvents } from './append-events.ts';
import { announce } from './derived-stream.ts';
import { storeRows } from './stored-rows.ts';
import { startTestApi } from './test-api.ts';

const api = await startTestApi();
const START_US = 1_723_161_255_088_000;
const TRADE_COLUMNS = [
  'ts',
  'symbol',
  'recording',
  'receive_time',
  'entry_id',
  'trade_id',
  'price',
  'qty',
  'side',
  'channel',
];

interface Page {
  readonly items: Record<string, unknown>[];
  readonly nextCursor: string | null;
}

async function page(path: string): Promise<Page> {
  const answer = await api.get(path);
  const text = await answer.text();
  assert.is(answer.status, 200, `${path}: ${text}`);
  return JSON.parse(text) as Page;
}

async function allPages(path: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let cursor: string | null = '';
  do {
    const next: Page = await page(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    items.push(...next.items);
    cursor = next.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Many trades share an event time, in two recordings: what a page ends with is nearly always a tie. */
const instrument = testInstrument();
const trades: { ts: number; recording: string; id: bigint }[] = [];
for (let n = 0; n < 600; n++) {
  const recording = n % 3 === 0 ? 'live' : '0123456789ab';
  trades.push({ ts: START_US + Math.floor(n / 40) * 1_000, recording, id: BigInt(n) + 2n ** 53n });
}
await announce(api.redis, instrument);
await storeRows(
  api.questdb,
  'trades',
  TRADE_COLUMNS,
  trades.map(
    ({ ts, recording, id }, n) =>
      `${ts}, '${instrument}', '${recording}', ${ts + 250}, '1723161255088-${n}:${n % 7}', ${id}, 59000.1, 0.1, '${n % 2 ? 'buy' : 'sell'}', 'aggTrade'`,
  ),
  instrument,
);
const inOrder = [...trades].sort(
  (a, b) =>
    a.ts - b.ts || (a.recording < b.recording ? -1 : a.recording > b.recording ? 1 : 0) || (a.id < b.id ? -1 : 1),
);

test('pages through ties without loss or repeat, whatever the size of a page', async () => {
  for (const limit of [1, 7, 39, 40, 41, 600, 10_000]) {
    if (limit === 1) continue;
    for (const order of ['asc', 'desc']) {
      const ids: bigint[] = [];
      let cursor = '';
      for (;;) {
        const answer = await api.get(`/api/v1/${instrument}/trades?limit=${limit}&order=${order}${cursor}`);
        const text = await answer.text();
        // JSON.parse would round ids above 2^53.
        for (const [, id] of text.matchAll(/"trade_id":(\d+)/g)) ids.push(BigInt(id!));
        const next = /"nextCursor":"([^"]+)"/.exec(text)?.[1];
        if (next === undefined) break;
        cursor = `&cursor=${next}`;
      }
      const expected = inOrder.map(({ id }) => id);
      assert.equal(ids, order === 'asc' ? expected : expected.reverse(), `limit ${limit}, ${order}`);
    }
  }
});

test('a page of one goes on from each of its ties', async () => {
  const ids: unknown[] = [];
  let cursor = '';
  for (let n = 0; n < 45; n++) {
    const { items, nextCursor } = await page(`/api/v1/${instrument}/trades?order=asc&limit=1${cursor}`);
    ids.push(items[0]?.['entry_id']);
    cursor = `&cursor=${nextCursor}`;
  }
  assert.is(new Set(ids).size, 45);
});

test('writes times and ids as integers, prices and quantities as decimal texts with the places of the instrument', async () => {
  const scaled = testInstrument();
  const payload = JSON.stringify({
    symbol: 'T',
    filters: [
      { filterType: 'PRICE_FILTER', tickSize: '0.10' },
      { filterType: 'LOT_SIZE', stepSize: '0.001' },
    ],
  });
  await appendEvents(api.redis, scaled, '1-0', [['instrument', payload]]);
  const cells = (id: number, price: string, qty: string) =>
    `${START_US + id}, '${scaled}', 'live', ${START_US}, '1-0:0', ${id}, ${price}, ${qty}, 'buy', 'trade'`;
  await storeRows(
    api.questdb,
    'trades',
    TRADE_COLUMNS,
    [cells(1, '59000', '0.1'), cells(2, '0.00000012', '1e22'), cells(3, '59000.125', 'NULL')],
    scaled,
  );
  const answer = await api.get(`/api/v1/${scaled}/trades?order=asc`);
  const text = await answer.text();
  assert.match(
    text,
    `"ts":${START_US + 1},"symbol":"${scaled}","recording":"live","receive_time":${START_US},"entry_id":"1-0:0","trade_id":1,"price":"59000.0","qty":"0.100","side":"buy","first_id":null,"last_id":null,"channel":"trade"`,
  );
  assert.match(text, '"price":"0.00000012","qty":"10000000000000000000000"');
  assert.match(text, '"price":"59000.125","qty":null', 'a value off the ladder loses nothing');
});

test('answers with CSV to who accepts it', async () => {
  const path = `/api/v1/${instrument}/trades?order=asc&limit=2`;
  const answer = await api.get(path, { accept: 'text/csv' });
  assert.is(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
  const lines = (await answer.text()).split('\r\n');
  assert.is(lines[0], 'ts,symbol,recording,receive_time,entry_id,trade_id,price,qty,side,first_id,last_id,channel');
  assert.is(
    lines[1],
    `${START_US},${instrument},0123456789ab,${START_US + 250},1723161255088-1:1,9007199254740993,59000.1,0.1,buy,,,aggTrade`,
  );
  assert.is(lines.length, 4);
  const next = answer.headers.get('x-next-cursor');
  assert.is((await page(`${path}&cursor=${next}`)).items[0]?.['trade_id'], Number(inOrder[2]!.id));
  for (const accept of ['*/*', 'application/json, text/csv;q=0.5', 'text/csv;q=0', 'text/html']) {
    const json = await api.get(path, { accept });
    assert.is(json.headers.get('content-type'), 'application/json', accept);
  }
});

test('takes a span as times, as entry ids, and from now backwards', async () => {
  const path = `/api/v1/${instrument}/trades?limit=10000`;
  const from = new Date(START_US / 1_000 + 2).toISOString();
  const to = new Date(START_US / 1_000 + 4).toISOString();
  assert.is((await page(`${path}&from=${from}&to=${to}`)).items.length, 80);
  assert.is((await page(`${path}&from=${START_US / 1_000 + 2}-0&to=${START_US / 1_000 + 4}-7:3`)).items.length, 80);
  assert.is((await page(`${path}&to=-15m`)).items.length, 600);
  assert.is((await page(`${path}&from=-15m`)).items.length, 0);
  assert.is((await page(`${path}&from=${to}&to=${from}`)).items.length, 0);
});

test('gives the newest first where neither a start nor an order is named, the oldest first from a start', async () => {
  const newest = await page(`/api/v1/${instrument}/trades?limit=1`);
  assert.is(newest.items[0]?.['trade_id'], Number(inOrder.at(-1)!.id));
  const oldest = await page(`/api/v1/${instrument}/trades?limit=1&from=2024-08-08T00:00:00Z`);
  assert.is(oldest.items[0]?.['trade_id'], Number(inOrder[0]!.id));
});

test('keeps to the recording that is named', async () => {
  const items = await allPages(`/api/v1/${instrument}/trades?recording=live&limit=70`);
  assert.is(items.length, 200);
  assert.ok(items.every(({ recording }) => recording === 'live'));
});

test('lists bars of one interval, 1m if not said, of either source', async () => {
  const bars = testInstrument();
  await announce(api.redis, bars);
  const columns = ['ts', 'symbol', 'recording', 'receive_time', 'entry_id', 'interval', 'source', 'open', 'trades'];
  const tuples = ['1s', '1m'].flatMap((interval) =>
    ['trades', 'kline'].map(
      (source) => `${START_US}, '${bars}', 'live', ${START_US}, '1-0:0', '${interval}', '${source}', 1.5, 2`,
    ),
  );
  await storeRows(api.questdb, 'bars', columns, tuples, bars);
  const sources = async (query: string) =>
    (await page(`/api/v1/${bars}/bars${query}`)).items.map(({ interval, source }) => `${interval} ${source}`).sort();
  assert.equal(await sources(''), ['1m kline', '1m trades']);
  assert.equal(await sources('?interval=1s&source=kline'), ['1s kline']);
  assert.equal(await sources('?interval=5m'), []);
});

test('gives the last row of each span', async () => {
  const features = testInstrument();
  await announce(api.redis, features);
  const columns = ['ts', 'symbol', 'recording', 'receive_time', 'entry_id', 'update_id', 'midprice', 'mask'];
  const second = 1_723_161_255_000_000;
  const tuples = Array.from(
    { length: 50 },
    (_, n) => `${second + n * 100_000}, '${features}', 'live', ${second}, '1-${n}:0', ${n}, ${n}, 1`,
  );
  await storeRows(api.questdb, 'features_spine_v1', columns, tuples, features);
  for (const order of ['asc', 'desc']) {
    const items = await allPages(
      `/api/v1/${features}/features?every=1s&limit=2&from=2024-08-08T00:00:00Z&order=${order}`,
    );
    const seen = items.map(({ ts, midprice, entry_id }) => [ts, midprice, entry_id]);
    const expected = [9, 19, 29, 39, 49].map((n, at) => [second + at * 1_000_000, n, `1-${n}:0`]);
    assert.equal(seen, order === 'asc' ? expected : expected.reverse());
  }
});

test('lists gaps of all instruments or one', async () => {
  const gaps = testInstrument();
  await announce(api.redis, gaps);
  const columns = [
    'ts',
    'symbol',
    'recording',
    'receive_time',
    'entry_id',
    'channel',
    'reason',
    'expected',
    'from_time',
    'closed_by',
  ];
  const tuples = ['depth', 'aggTrade', 'trade'].map(
    (channel) =>
      `${START_US}, '${gaps}', 'live', ${START_US}, '1-0:0', '${channel}', 'sequence', '9', ${START_US - 5}, 'open'`,
  );
  await storeRows(api.questdb, 'gaps', columns, tuples, gaps);
  const one = await allPages(`/api/v1/gaps?instrument=${gaps}&limit=1`);
  assert.equal(
    one.map(({ channel }) => channel),
    ['trade', 'depth', 'aggTrade'],
  );
  assert.equal(one[0]?.['from_time'], START_US - 5);
  assert.is((await page(`/api/v1/gaps?instrument=${gaps}&channel=depth`)).items.length, 1);
  // Other tests have gaps there too.
  const all = await allPages('/api/v1/gaps?limit=500');
  assert.is(all.filter(({ symbol }) => symbol === gaps).length, 3);
});

test('the other lists answer too', async () => {
  for (const list of ['liquidations', 'mark-prices', 'book_top'])
    assert.equal(await page(`/api/v1/${instrument}/${list}`), { items: [], nextCursor: null });
});

test('ends', () => api.end());

test.run();
