import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeInstrumentInfo } from '../../../streams/events/instrument-info.ts';
import { readTape } from '../../../streams/tape/read-tape.ts';
import { createTapeBuilder } from '../../../streams/tape/tape-builder.ts';

const test = suite('streams/events/instrument-filters');

/** BTCUSDT of exchangeInfo, shortened. */
const INFO = {
  symbol: 'BTCUSDT',
  triggerProtect: '0.0500',
  marketTakeBound: '0.05',
  filters: [
    { maxPrice: '4529764', filterType: 'PRICE_FILTER', tickSize: '0.10', minPrice: '556.80' },
    { stepSize: '0.001', filterType: 'LOT_SIZE', maxQty: '1000', minQty: '0.001' },
    { stepSize: '0.001', filterType: 'MARKET_LOT_SIZE', maxQty: '120', minQty: '0.001' },
    { limit: 200, filterType: 'MAX_NUM_ORDERS' },
    { notional: '100', filterType: 'MIN_NOTIONAL' },
    { multiplierDown: '0.9500', filterType: 'PERCENT_PRICE', multiplierUp: '1.0500', multiplierDecimal: '4' },
  ],
};
const decode = (info: object) => decodeInstrumentInfo(Buffer.from(JSON.stringify(info)));

test('what exchangeInfo asks of orders is told in ticks and steps', () => {
  assert.equal(decode(INFO).filters, {
    minPriceTicks: 5_568,
    maxPriceTicks: 45_297_640,
    minQtySteps: 1,
    maxQtySteps: 1_000_000,
    marketMinQtySteps: 1,
    marketMaxQtySteps: 120_000,
    minNotionalTickSteps: 1_000_000,
    multiplierUp: 1.05,
    multiplierDown: 0.95,
    maxOrders: 200,
    triggerProtect: 0.05,
    marketTakeBound: 0.05,
  });
});

test('a filter that is off or no number is none, and where there is nothing but a grid nothing is told', () => {
  const grid = [
    { filterType: 'PRICE_FILTER', tickSize: '0.10', minPrice: '0', maxPrice: 'x' },
    { filterType: 'LOT_SIZE', stepSize: '0.001' },
  ];
  assert.not('filters' in decode({ symbol: 'X', filters: grid }));
  const some = decode({ symbol: 'X', filters: [...grid, { filterType: 'MIN_NOTIONAL', notional: '5' }] }).filters!;
  assert.equal([some.minNotionalTickSteps, some.minPriceTicks, some.maxPriceTicks], [50_000, null, null]);
});

test('a tape tells them too', () => {
  const builder = createTapeBuilder();
  const event = decode(INFO);
  builder.push(event, { entryId: '1-0', index: 0, receiveTimeUs: 1 });
  readTape(builder.take(), (read) => assert.equal(read.type === 'instrument' && read.filters, event.filters));
});

test.run();
