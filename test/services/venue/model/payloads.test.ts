import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { placeLimit } from '../../../../services/venue/model/matching/matching.ts';
import { emptyOrderBook } from '../../../../services/venue/model/matching/order-book.ts';
import { depthSnapshotText } from '../../../../services/venue/model/payloads.ts';
import { marketProfile } from '../../../../services/venue/model/profiles.ts';
import { simulation } from '../../../../services/venue/model/simulation.ts';

const ANCHOR_MS = Date.UTC(2026, 10, 25, 11, 59, 59);

/** One payload of each stream of the model, BTCUSDT and SOLUSDT. */
function payloads(): Map<string, string> {
  const found = new Map<string, string>();
  const sink = {
    wants: () => true,
    send: (stream: string, payload: string) => void found.set(stream, payload),
    sendFrame: () => {},
    isCongested: () => false,
  };
  const sim = simulation(
    { symbols: ['BTCUSDT', 'SOLUSDT'], seed: 5, anchorMs: ANCHOR_MS, pace: 1, rate: undefined },
    sink,
  );
  for (const market of sim.markets) market.liquidate(ANCHOR_MS, 'SELL', 20);
  sim.advance(ANCHOR_MS + 4000);
  return found;
}

/**
 * A text with what varies taken out: integers become #, numbers in quotes keep their decimals, symbols and flags are S and ?,
 * a side of a book keeps one level.
 */
function shape(payload: string): string {
  return payload
    .replace(/"(?:S|X)":"[A-Z]+"/g, (field) => (field.startsWith('"X":"MARKET') ? field : `${field.slice(0, 4)}"?"`))
    .replace(/"[^"]*(?:USDT|USD|USD_PERP)"/g, '"S"')
    .replace(/-?\d+\.\d+/g, (number) => `#.${'#'.repeat(number.length - number.indexOf('.') - 1)}`)
    .replace(/(?<=[:,[ "])-?\d+(?=[,\]}"])/g, '#')
    .replace(/true|false/g, '?')
    .replace(/(\["#[.#]*","#[.#]*"\])(?:,\["#[.#]*","#[.#]*"\])+/g, '$1');
}

/** Shapes of the frames of September 2026; the COIN-M frames of October give that of trade. */
const SHAPES: Readonly<Record<string, string>> = {
  'btcusdt@bookTicker':
    '{"e":"bookTicker","u":#,"s":"S","ps":"S","b":"#.##","B":"#.###","a":"#.##","A":"#.###","T":#,"E":#,"st":1}',
  'btcusdt@depth@100ms':
    '{"e":"depthUpdate","E":#,"T":#,"s":"S","ps":"S","U":#,"u":#,"pu":#,"b":[["#.##","#.###"]],"a":[["#.##","#.###"]],"st":1}',
  'btcusdt@aggTrade':
    '{"e":"aggTrade","E":#,"a":#,"s":"S","p":"#.##","q":"#.###","nq":"#.###","f":#,"l":#,"T":#,"m":?,"st":1}',
  'btcusdt@trade': '{"e":"trade","E":#,"T":#,"s":"S","t":#,"p":"#.##","q":"#.###","X":"MARKET","m":?}',
  'btcusdt@markPrice@1s':
    '{"e":"markPriceUpdate","E":#,"s":"S","p":"#.########","ap":"#.########","P":"#.########","i":"#.########","r":"#.########","T":#,"st":1}',
  'btcusdt@kline_1m':
    '{"e":"kline","E":#,"s":"S","k":{"t":#, "T":#, "s":"S", "i":"1m", "f":#, "L":#, "o":"#.##", "c":"#.##", "h":"#.##", "l":"#.##", "v":"#.###", "n":#, "x":?, "q":"#.#####", "V":"#.###", "Q":"#.#####", "B":"#"}}',
  'btcusdt@forceOrder':
    '{"e":"forceOrder","E":#,"o":{"s":"S","S":"?","o":"LIMIT","f":"IOC","q":"#.###","p":"#.##","ap":"#.##","X":"?","l":"#.###","z":"#.###","T":#,"ps":"S","st":1}}',
};

/** `"st":1` says USD-M: it does not vary. */
function ownShape(payload: string): string {
  return shape(payload).replaceAll('"st":#', '"st":1');
}

test('writes every payload with the fields, order, spaces and decimals of the wire', () => {
  const found = payloads();
  for (const [stream, expected] of Object.entries(SHAPES)) assert.is(ownShape(found.get(stream)!), expected, stream);
});

test('gives SOLUSDT its own decimals', () => {
  const found = payloads();
  assert.match(
    found.get('solusdt@bookTicker')!,
    /"b":"\d+\.\d\d00","B":"\d+\.\d\d"/,
    'four decimals on a tick of 0.0100',
  );
  assert.match(found.get('solusdt@forceOrder')!, /"q":"0\.20","p":"\d+\.\d{4}"/);
});

test('writes a snapshot with every level of the book, best first, up to the limit', () => {
  const book = emptyOrderBook();
  const listener = { onFill: () => {}, onLevel: () => {} };
  let id = 0;
  for (const priceTicks of [1001, 1003, 1002]) {
    placeLimit(book, { id: id++, side: 'bid', priceTicks, qtySteps: 5, timeInForce: 'GTC' }, listener);
    placeLimit(book, { id: id++, side: 'ask', priceTicks: priceTicks + 10, qtySteps: 7, timeInForce: 'GTC' }, listener);
  }
  const text = (limit: number) => depthSnapshotText(marketProfile('BTCUSDT'), book, 12, 34.9, 56.9, limit);
  assert.is(
    text(5),
    '{"lastUpdateId":12,"E":56,"T":34,"bids":[["100.30","0.005"],["100.20","0.005"],["100.10","0.005"]],"asks":[["101.10","0.007"],["101.20","0.007"],["101.30","0.007"]]}',
  );
  assert.match(text(1), /"bids":\[\["100.30","0.005"\]\],"asks":\[\["101.10","0.007"\]\]/);
});

test('writes an empty kline with bare zeros and no trades', () => {
  const events: string[] = [];
  const sink = {
    wants: (stream: string) => stream === 'solusdt@kline_1m',
    send: (_stream: string, payload: string) => void events.push(payload),
    sendFrame: () => {},
    isCongested: () => false,
  };
  // A market in which next to nothing is traded.
  const sim = simulation({ symbols: ['SOLUSDT'], seed: 1, anchorMs: ANCHOR_MS, pace: 0.002, rate: undefined }, sink);
  sim.markets[0]!.liquidate(ANCHOR_MS, 'BUY', 1);
  sim.advance(ANCHOR_MS + 3 * 60_000);
  const empty = events.filter((event) => event.includes('"n":0,') && event.includes('"x":true'));
  assert.ok(empty.length > 0, 'a minute without a trade closes all the same');
  assert.match(empty[0]!, /"f":-1, "L":-1, .*"v":"0", "n":0, "x":true, "q":"0", "V":"0", "Q":"0", "B":"0"/);
});

const SHARED = process.env['DON_SHARED_DATA'] ?? join(import.meta.dirname, '../../../../../shared/data');
const FRAMES = join(SHARED, 'frames/usdm_streams.txt');

test('has the shapes of real frames, byte for byte', () => {
  if (!existsSync(FRAMES)) {
    console.log(`SKIP: no frames at ${FRAMES}; set DON_SHARED_DATA`);
    return;
  }
  const found = payloads();
  const compared = new Set<string>();
  for (const line of readFileSync(FRAMES, 'utf8').trimEnd().split('\n')) {
    const [, name, payload] = /^\d+ \{"stream":"([^"]+)","data":(.*)\}$/.exec(line) as unknown as [
      string,
      string,
      string,
    ];
    const own = found.get(name);
    if (own === undefined || !name.startsWith('btcusdt@')) continue;
    // A volume of nothing is a bare zero in both, but not at the same time.
    if (payload.includes('"V":"0"') !== own.includes('"V":"0"')) continue;
    assert.is(ownShape(own), ownShape(payload), name);
    compared.add(name);
  }
  const streams = ['aggTrade', 'bookTicker', 'depth@100ms', 'kline_1m', 'markPrice@1s'];
  assert.equal(
    [...compared].sort(),
    streams.map((stream) => `btcusdt@${stream}`),
  );
  const orders = readFileSync(FRAMES, 'utf8')
    .split('\n')
    .filter((line) => line.includes('forceOrder'));
  assert.ok(orders.length > 10);
  for (const line of orders) {
    const keys = [...line.slice(line.indexOf('"data":')).matchAll(/"(\w+)":/g)].map(([, key]) => key);
    const own = [...`"data":${found.get('btcusdt@forceOrder')}`.matchAll(/"(\w+)":/g)].map(([, key]) => key);
    assert.equal(own, keys);
  }
});

test.run();
