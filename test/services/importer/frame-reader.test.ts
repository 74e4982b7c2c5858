import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFrameReader } from '../../../services/importer/frame-reader.ts';
import { instrumentNamed } from '../../../services/importer/instrument-name.ts';
import { createRestAnswerReader } from '../../../services/importer/rest-answer-reader.ts';
import { collect } from './collected.ts';

const test = suite('services/importer/frame-reader');

const USDM = instrumentNamed('binance-usdm:BTCUSDT');
const SPOT = instrumentNamed('binance-spot:BTCUSDT');

const TRADE = '{"e":"trade","E":2,"T":1,"s":"BTCUSDT","t":7,"p":"28145.10","q":"0.002","X":"MARKET","m":true}';
const DEPTH = '{"e":"depthUpdate","E":2,"T":1,"s":"BTCUSDT","U":5,"u":6,"pu":4,"b":[],"a":[["1.0","2"]]}';
const SPOT_DEPTH = '{"e":"depthUpdate","E":2,"s":"BTCUSDT","U":5,"u":6,"b":[],"a":[]}';
const SPOT_TICKER = '{"u":6,"s":"BTCUSDT","b":"1","B":"1","a":"2","A":"1"}';
const SNAPSHOT = '{"lastUpdateId": 6, "E": 2, "T": 1, "bids": [["1.0", "2"]], "asks": []}';
const combined = (stream: string, data: string): string => `{"stream":"${stream}","data":${data}}`;
const NS = '1723161255030314667';

test('keeps the exact payload text, in each form of frame', () => {
  const { events } = collect(
    createFrameReader(USDM, 'ns'),
    `${NS} ${combined('btcusdt@trade', TRADE)}`,
    `${NS} ${TRADE}`,
    `${NS}  { "data" : ${TRADE} , "stream" : "btcusdt@trade" } `,
    `${NS} ${combined('btcusdt@depth@0ms', DEPTH)}`,
    `${NS} ${combined('btcusdt@trade', `[${TRADE},${TRADE}]`)}`,
  );
  assert.equal(
    events.map(({ channel, payload }) => [channel, payload]),
    [...Array(3).fill(['trade', TRADE]), ['depth', DEPTH], ['trade', TRADE], ['trade', TRADE]],
  );
  assert.ok(events.every(({ timeUs }) => timeUs === 1723161255030314));
});

test('tells channels by stream, event name or fields', () => {
  const channels = (...lines: string[]) =>
    collect(createFrameReader(USDM, undefined), ...lines).events.map((e) => e.channel);
  assert.equal(
    channels(
      '{"e":"kline","E":1,"s":"BTCUSDT","k":{"i":"1m"}}',
      '{"e":"markPriceUpdate","E":1,"s":"BTCUSDT"}',
      '{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT","T":1}}',
      combined('!forceOrder@arr', '{"e":"forceOrder","E":1,"o":{"s":"BTCUSDT","st":1}}'),
      combined('!markPrice@arr@1s', '[{"e":"markPriceUpdate","E":1,"s":"BTCUSDT"}]'),
      '{"a":1,"p":"1","q":"1","f":1,"l":1,"T":1,"m":true,"nq":"1","s":"BTCUSDT"}',
      '{"symbol":"BTCUSDT","openInterest":"1","time":1}',
      '{"symbol":"BTCUSDT","fundingRate":"1","fundingTime":1}',
    ),
    ['kline_1m', 'markPrice', 'forceOrder', 'forceOrder', 'markPrice', 'aggTrade', 'openInterest', 'fundingRate'],
  );
});

test('leaves other instruments and markets alone, and names them', () => {
  const ofUsdm = collect(
    createFrameReader(USDM, undefined),
    TRADE.replace('BTCUSDT', 'ETHUSDT'),
    SPOT_DEPTH,
    SPOT_TICKER,
    DEPTH.replace('"e"', '"st":2,"e"'),
    combined('btcusd_perp@trade', TRADE.replace('BTCUSDT', 'BTCUSD_PERP')),
    combined('牛来usdt@trade', TRADE.replace('BTCUSDT', '牛来USDT')),
    '{"symbol":"BTCUSDT","pair":"BTCUSDT","openInterest":"1","time":1}',
    `{"stream":"ethusdt@trade","data":{"e":"tra`,
  );
  assert.equal(ofUsdm.others, [
    'binance-usdm:ETHUSDT',
    'binance-spot:BTCUSDT',
    'binance-spot:BTCUSDT',
    'binance-coinm:BTCUSDT',
    'binance-coinm:BTCUSD_PERP',
    'binance-usdm:牛来USDT',
    'binance-coinm:BTCUSDT',
    'binance-usdm:ETHUSDT',
  ]);
  const ofSpot = collect(createFrameReader(SPOT, undefined), SPOT_DEPTH, SPOT_TICKER, DEPTH, TRADE);
  assert.equal(
    ofSpot.events.map((event) => event.channel),
    ['depth', 'bookTicker'],
  );
  assert.equal(ofSpot.others, ['binance-usdm:BTCUSDT', 'binance-usdm:BTCUSDT']);
});

test('reads a symbol that is not ASCII', () => {
  const wanted = instrumentNamed('binance-usdm:牛来USDT');
  const frame = combined('!forceOrder@arr', '{"e":"forceOrder","E":1,"o":{"s":"牛来USDT","T":1}}');
  const { events } = collect(createFrameReader(wanted, 'ns'), `${NS} ${frame}`);
  assert.is(events[0]?.payload, '{"e":"forceOrder","E":1,"o":{"s":"牛来USDT","T":1}}');
});

test('does not take partial books for changes of the book', () => {
  const { events, unsupported } = collect(
    createFrameReader(USDM, undefined),
    combined('btcusdt@depth20', DEPTH),
    combined('btcusdt@depth5@100ms', DEPTH),
    combined('btcusdt@rpiDepth@500ms', DEPTH),
    combined('!ticker@arr', '[{"e":"24hrTicker","s":"BTCUSDT"}]'),
    '{"e":"24hrTicker","s":"BTCUSDT"}',
    '{"result":null,"id":1}',
  );
  assert.equal(events, []);
  assert.equal(unsupported, [
    'stream depth20',
    'stream depth5@100ms',
    'stream rpiDepth@500ms',
    'stream !ticker@arr',
    '24hrTicker',
    'answer to a request',
  ]);
});

test('gives snapshots without a symbol apart', () => {
  const { snapshots, events } = collect(createFrameReader(USDM, 'ns'), `${NS} ${SNAPSHOT}`);
  assert.equal(snapshots, [SNAPSHOT]);
  assert.equal(events, []);
});

test('says of a bad line which field, what was expected and what was found', () => {
  const faults = (...lines: string[]) =>
    collect(createFrameReader(USDM, 'ns'), ...lines).refused.map(
      ({ channel, field, expected, found }) => `${channel} ${field}: ${expected}: ${found}`,
    );
  const whole = `${NS} ${combined('btcusdt@trade', TRADE)}`;
  assert.match(faults(whole.slice(0, 90))[0] ?? '', /^trade frame: a whole JSON frame: .*"BTC/);
  assert.equal(faults(`${NS}`), ['undefined frame: a JSON frame: nothing']);
  assert.equal(faults(`12x4 ${TRADE}`), ['undefined receive time: a time in ns: 12x4']);
  assert.equal(faults(`1723161255030314 ${TRADE}`), ['undefined receive time: a time in ns: 1723161255030314']);
  assert.equal(faults(`${NS} not JSON`), ['undefined frame: a whole JSON frame: not JSON']);
  assert.equal(faults(`${NS} ${TRADE}${TRADE}`).length, 1);
  assert.equal(faults(`${NS} ${combined('btcusdt@depth', DEPTH.replace('"e":"depthUpdate",', ''))}`), [
    'depth e: depthUpdate: nothing',
  ]);
  assert.equal(faults(`${NS} ${combined('btcusdt@depth', DEPTH.replace('"s":"BTCUSDT",', ''))}`), [
    'depth s: BTCUSDT: nothing',
  ]);
  assert.equal(faults(`${NS} ${combined('btcusdt@depth', DEPTH.replace('BTCUSDT', 'BTCUSDX'))}`), [
    'depth s: BTCUSDT: BTCUSDX',
  ]);
  assert.equal(faults(`${NS} ${combined('btcusdt@depth', DEPTH.replace('"pu":4,', ''))}`), [
    'depth pu: the update id of the event before: nothing',
  ]);
  assert.equal(faults(`${NS} {"stream":"btcusdt@depth"}`), ['depth data: a payload: nothing']);
});

test('reads recorded REST answers with what their address says', () => {
  const wanted = instrumentNamed('binance-usdm:SUSHIUSDT');
  const line = (host: string, symbol: string) =>
    `https://${host}/${host.split('.')[0]}/v1/depth?symbol=${symbol}&limit=1000 -> 1626992741.301402: ${SNAPSHOT}`;
  const { events, others, refused } = collect(
    createRestAnswerReader(wanted),
    line('fapi.binance.com', 'SUSHIUSDT'),
    line('fapi.binance.com', 'CTKUSDT'),
    line('dapi.binance.com', 'SUSHIUSDT'),
    line('fapi.binance.com', 'SUSHIUSDT').replace('1626992741.301402', 'yesterday'),
    'nothing of the kind',
  );
  assert.equal(events, [{ channel: 'depthSnapshot', payload: SNAPSHOT, timeUs: 1626992741301402 }]);
  assert.equal(others, ['binance-usdm:CTKUSDT', 'binance-coinm:SUSHIUSDT']);
  assert.equal(
    refused.map(({ field }) => field),
    ['receive time', 'line'],
  );
});

test.run();
