import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plainDecimal } from '../../../services/importer/csv-cells.ts';
import { recogniseFormat } from '../../../services/importer/formats.ts';
import { ImportRefusal } from '../../../services/importer/import-refusal.ts';
import { instrumentNamed } from '../../../services/importer/instrument-name.ts';
import { commonTimeUnit, microsOf, timeUnitOf } from '../../../services/importer/times.ts';
import { type Collected, collect } from './collected.ts';

const test = suite('services/importer/tables');

const USDM = instrumentNamed('binance-usdm:BTCUSDT');

function read(text: string, options: { interval?: string } = {}): Collected & { format: string } {
  const lines = text.split('\n');
  const recognised = recogniseFormat(lines, { file: 'x.csv', wanted: USDM, ...options });
  return { ...collect(recognised.createReader(), ...lines), format: recognised.format };
}

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ImportRefusal) return error.message;
    throw error;
  }
  return 'no refusal';
}

test('makes elements of REST aggTrades of aggTrades rows', () => {
  const header = 'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker';
  const rows =
    '171927517,0.7097,19.0,551530707,551530708,1729209603958,false\n171927518,0.7096,2.0,9,9,1729209604056,true';
  const expected = [
    {
      channel: 'aggTrade',
      payload: '{"a":171927517,"p":"0.7097","q":"19.0","f":551530707,"l":551530708,"T":1729209603958,"m":false}',
      timeUs: 1729209603958000,
    },
    {
      channel: 'aggTrade',
      payload: '{"a":171927518,"p":"0.7096","q":"2.0","f":9,"l":9,"T":1729209604056,"m":true}',
      timeUs: 1729209604056000,
    },
  ];
  assert.equal(read(`${header}\n${rows}`).events, expected);
  assert.equal(read(rows).events, expected, 'without a header');
  const spot = rows.replace('false', 'False,True').replace('true', 'True,True');
  assert.equal(read(spot).events, expected, "spot's rows have a column more");
  const micros = read(rows.replace('1729209603958', '1729209603958123').replace('1729209604056', '1729209604056000'));
  assert.equal(
    micros.events.map((event) => event.timeUs),
    [1729209603958123, 1729209604056000],
  );
  assert.is(micros.events[0]?.payload, expected[0]?.payload, 'payloads give times in ms');
});

test('makes trade payloads of trades rows', () => {
  const { format, events } = read('5266583935,61800.30,0.006,370.8018,1723161256322,false');
  assert.is(format, 'trades');
  assert.equal(events, [
    {
      channel: 'trade',
      payload:
        '{"e":"trade","E":1723161256322,"T":1723161256322,"s":"BTCUSDT","t":5266583935,"p":"61800.30","q":"0.006","X":"MARKET","m":false}',
      timeUs: 1723161256322000,
    },
  ]);
  assert.is(read('id,price,qty,quote_qty,time,is_buyer_maker\n1,2,3,6,1723161256322,true').events.length, 1);
  assert.is(read('1,2,3,6,1723161256322,True,True').format, 'trades', "spot's seven columns are not aggTrades");
});

test('makes elements of REST klines of candle rows, with null for what they lack', () => {
  const vision =
    '1730073600000,67992.70,68094.60,67804.70,67835.20,5179.117,1730077199999,351923638.03910,85022,2415.052,164090858.68940,0';
  const { events } = read(vision);
  assert.equal(events, [
    {
      channel: 'kline_1h',
      payload:
        '[1730073600000,"67992.70","68094.60","67804.70","67835.20","5179.117",1730077199999,"351923638.03910",85022,"2415.052","164090858.68940","0"]',
      timeUs: 1730077199999000,
    },
  ]);
  const short = read('open_time,open,high,low,close,volume\n1672531200000,5,7,4,6,8\n1672531500000,6,6,6,6,0');
  assert.equal(short.events[0], {
    channel: 'kline_5m',
    payload: '[1672531200000,"5","7","4","6","8",1672531499999,null,null,null,null,"0"]',
    timeUs: 1672531499999000,
  });
  assert.is(read('1672531200000000,5,7,4,6,8\n1672531260000000,6,6,6,6,0').events[1]?.timeUs, 1672531319999000);
});

test('takes the interval of candles from most of their distances, or from the caller', () => {
  const rows = [0, 5, 10, 20, 25, 30].map((minute) => `${1672531200000 + minute * 60_000},1,1,1,1,1`);
  assert.is(read(rows.join('\n')).events[0]?.channel, 'kline_5m');
  assert.is(read(rows[0]!, { interval: '1m' }).events[0]?.channel, 'kline_1m');
  assert.match(
    refusalOf(() => read(rows[0]!)),
    'Give it, e.g. --interval 1m',
  );
  assert.match(
    refusalOf(() => read(rows[0]!, { interval: '7m' })),
    'found "7m"',
  );
  const months = ['2023-01-01', '2023-02-01', '2023-03-01'].map((day) => {
    const open = Date.parse(day);
    return `${open},1,1,1,1,1,${open + 27 * 86_400_000},1,1,1,1,0`;
  });
  assert.is(read(months.join('\n')).events[0]?.channel, 'kline_1M');
});

test('makes elements of REST fundingRate of funding rows, exactly', () => {
  const { events } = read(
    'funding_time,funding_rate\n1672531200000,0.0001\n1672588800000,6.91e-06\n1672617600000,-1.5e-05',
  );
  assert.equal(
    events.map((event) => event.payload),
    [
      '{"symbol":"BTCUSDT","fundingTime":1672531200000,"fundingRate":"0.0001"}',
      '{"symbol":"BTCUSDT","fundingTime":1672588800000,"fundingRate":"0.00000691"}',
      '{"symbol":"BTCUSDT","fundingTime":1672617600000,"fundingRate":"-0.000015"}',
    ],
  );
});

test('makes forceOrder payloads of liquidation rows, of the wanted symbol only', () => {
  const { events, others } = read(
    [
      'BTC,SELL,LIMIT,IOC,1.138,99187.40,99634.40,FILLED,0.032,1.138,1737996820677,112875.26',
      'BTCUSDC,SELL,LIMIT,IOC,1,99187.4,99634.4,FILLED,1,1,1737996820677,1',
      'ETH,BUY,LIMIT,IOC,1,99187.4,99634.4,FILLED,1,1,1737996820677,1',
      'BTCUSDT,BUY,LIMIT,IOC,1,2,3,FILLED,1,1,1737996820678,1',
    ].join('\n'),
  );
  assert.equal(events, [
    {
      channel: 'forceOrder',
      payload:
        '{"e":"forceOrder","E":1737996820677,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"1.138","p":"99187.40","ap":"99634.40","X":"FILLED","l":"0.032","z":"1.138","T":1737996820677}}',
      timeUs: 1737996820677000,
    },
    {
      channel: 'forceOrder',
      payload:
        '{"e":"forceOrder","E":1737996820678,"o":{"s":"BTCUSDT","S":"BUY","o":"LIMIT","f":"IOC","q":"1","p":"2","ap":"3","X":"FILLED","l":"1","z":"1","T":1737996820678}}',
      timeUs: 1737996820678000,
    },
  ]);
  assert.equal(others, ['binance-usdm:BTCUSDC', 'binance-usdm:ETHUSDT']);
});

test('says of a bad row which column, what was expected and what was found', () => {
  const good = '1672531200000,5,7,4,6,8';
  const faultOf = (row: string): string => {
    const { refused, events } = read(
      `open_time,open,high,low,close,volume\n${good}\n${good.replace('200000', '260000')}\n${row}`,
    );
    assert.is(events.length, 2);
    const [{ channel, field, expected, found }] = refused as [Collected['refused'][0]];
    return `${channel} ${field}: expected ${expected}, found ${found}`;
  };
  assert.is(faultOf('1672531320000,5,7,4'), 'kline_1m row: expected 6 columns, found 4 columns');
  assert.is(faultOf('1672531320000,5,7,4,x,8'), 'kline_1m close: expected a decimal, found x');
  assert.is(faultOf('1672531320000,5,7,,6,8'), 'kline_1m low: expected a decimal, found nothing');
  assert.is(faultOf('1672531320000,-5,7,4,6,8'), 'kline_1m open: expected a decimal that is not negative, found -5');
  assert.is(faultOf('16725313200,5,7,4,6,8'), 'kline_1m openTime: expected a time in ms, found 16725313200');
  assert.is(faultOf('1672531320001,5,7,4,6,8'), 'kline_1m openTime: expected a multiple of 1m, found 1672531320001');
  assert.is(faultOf('1672531320000,9,7,4,6,8'), 'kline_1m open: expected a price from low 4 to high 7, found 9');
  assert.is(faultOf('1672531320000,5,nan,4,6,8'), 'kline_1m high: expected a decimal, found nan');
});

test('refuses what is no table it knows', () => {
  assert.match(
    refusalOf(() => read('a,b,c\n1,2,3')),
    'found a file that begins with: a,b,c',
  );
  assert.match(
    refusalOf(() => read('hello')),
    'found a file that begins with: hello',
  );
  assert.match(
    refusalOf(() => read('')),
    'found a file that begins with: nothing',
  );
});

test('writes exponents out', () => {
  const pairs = {
    '6.91e-06': '0.00000691',
    '1e-05': '0.00001',
    '1.5E+3': '1500',
    '12.345e1': '123.45',
    '-2e-1': '-0.2',
    '7': '7',
  };
  for (const [text, plain] of Object.entries(pairs)) {
    assert.is(plainDecimal(text), plain);
    assert.is(Number(plain), Number(text));
  }
});

test('reads times in each unit exactly', () => {
  assert.equal(['1723161255', '1723161255030', '1723161255030314', '1723161255030314667'].map(timeUnitOf), [
    's',
    'ms',
    'us',
    'ns',
  ]);
  assert.is(microsOf('1723161255030314667', 'ns'), 1723161255030314);
  assert.is(microsOf('1723161255030314', 'us'), 1723161255030314);
  assert.is(microsOf('1723161255030.3149', 'ms'), 1723161255030314);
  assert.is(microsOf('1723161255030', 'ms'), 1723161255030000);
  assert.is(microsOf('1723161255.5', 's'), 1723161255500000);
  for (const text of ['1723161255030314', 'x', '', '-1723161255030314667', '17231612550303146670'])
    assert.ok(Number.isNaN(microsOf(text, 'ns')), text);
  assert.is(commonTimeUnit(['1', '1723161255', '1723161255030', '1723161255031']), 'ms');
});

test.run();
