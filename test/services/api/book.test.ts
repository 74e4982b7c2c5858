import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { testInstrument } from '../../support/servers.ts';
import { appendEvents } from './append-events.ts';
import { announce, publish } from './derived-stream.ts';
import { startTestApi } from './test-api.ts';

const api = await startTestApi();
const T0 = 1_723_161_255_000;
const INSTRUMENT = JSON.stringify({
  symbol: 'T',
  filters: [
    { filterType: 'PRICE_FILTER', tickSize: '0.10' },
    { filterType: 'LOT_SIZE', stepSize: '0.001' },
  ],
});
const snapshot = JSON.stringify({
  lastUpdateId: 100,
  E: T0,
  T: T0,
  bids: [
    ['10.00', '1.000'],
    ['9.90', '2.000'],
  ],
  asks: [['10.10', '3.000']],
});

function depth(symbol: string, u: number, bids: string[][], atMs: number): string {
  return JSON.stringify({ e: 'depthUpdate', E: atMs, T: atMs, s: symbol, U: u, u, pu: u - 1, b: bids, a: [] });
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function book(instrument: string, query = ''): Promise<Answer> {
  const answer = await api.get(`/api/v1/${instrument}/book${query}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function recorded(): Promise<string> {
  const instrument = testInstrument();
  const symbol = instrument.split(':')[1]!;
  await appendEvents(api.redis, instrument, `${T0}-0`, [['instrument', INSTRUMENT]]);
  await appendEvents(api.redis, instrument, `${T0 + 1}-0`, [['depthSnapshot', snapshot]]);
  await appendEvents(api.redis, instrument, `${T0 + 2}-0`, [
    ['depth', depth(symbol, 101, [['10.00', '0.500']], T0 + 2)],
  ]);
  await appendEvents(api.redis, instrument, `${T0 + 1_000}-0`, [
    ['depth', depth(symbol, 102, [['10.00', '0.000']], T0 + 1_000)],
  ]);
  return instrument;
}

test('gives the book as it was at a time and after an entry', async () => {
  const instrument = await recorded();
  for (const at of [new Date(T0 + 500).toISOString(), `${T0 + 2}-0`, `${T0 + 2}-0:0`]) {
    const { status, body } = await book(instrument, `?at=${at}&levels=1`);
    assert.is(status, 200, JSON.stringify(body));
    assert.equal(body, {
      instrument,
      recording: 'live',
      entry_id: `${T0 + 2}-0`,
      ts: (T0 + 2) * 1_000,
      receive_time: (T0 + 2) * 1_000,
      update_id: 101,
      valid: true,
      bids: [['10.0', '0.500']],
      asks: [['10.1', '3.000']],
    });
  }
});

test('gives the newest book as it was streamed last, or rebuilt where more levels are asked for', async () => {
  const instrument = await recorded();
  const rebuilt = await book(instrument, '?levels=1000');
  assert.equal(rebuilt.body['bids'], [['9.9', '2.000']]);
  const levels = {
    bids: [
      ['10.0', '1.000'],
      ['9.9', '2.000'],
    ],
    asks: [],
  };
  const row = { i: 4, ts: 5, receive_time: 6, update_id: 7, valid: true, ...levels };
  await publish(api.redis, instrument, '2000-0', [
    ['book', JSON.stringify({ ...row, update_id: 6 })],
    ['book', JSON.stringify(row)],
  ]);
  for (let n = 1; n < 120; n++) await publish(api.redis, instrument, `2000-${n}`, [['features', '{"i":0}']]);
  const { status, body } = await book(instrument, '?levels=1');
  assert.is(status, 200);
  const { i: _, bids: __, ...rest } = row;
  assert.equal(body, {
    instrument,
    recording: 'live',
    entry_id: '2000-0',
    ...rest,
    bids: [['10.0', '1.000']],
    asks: [],
  });
});

test('says why a book is not valid', async () => {
  const instrument = await recorded();
  const gap = JSON.stringify({ channel: 'depth', expected: '103', found: '105', reason: 'sequence' });
  await appendEvents(api.redis, instrument, `${T0 + 2_000}-0`, [['gap', gap]]);
  const { body } = await book(instrument, `?at=${T0 + 2_000}-0`);
  assert.is(body['valid'], false);
  assert.type(body['reason'], 'string');
  assert.equal([body['bids'], body['asks'], body['update_id']], [[], [], null]);
});

test('finds no book before the log begins, in no log, and in no such recording', async () => {
  const instrument = await recorded();
  const before = await book(instrument, '?at=2020-01-01T00:00:00Z');
  assert.is(before.status, 404);
  assert.match(String(before.body['detail']), 'at: expected');
  const empty = testInstrument();
  await announce(api.redis, empty);
  assert.is((await book(empty)).status, 404);
  const wrong = await book(instrument, '?recording=0123456789ab');
  assert.is(wrong.status, 404);
  assert.match(String(wrong.body['detail']), 'recording: expected one of live');
});

test('ends', () => api.end());

test.run();
