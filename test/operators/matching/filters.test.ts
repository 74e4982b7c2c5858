import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type FilteredOrder, filterRefusal, marketBound } from '../../../operators/matching/filters.ts';
import type { InstrumentFilters } from '../../../streams/events/instrument-filters.ts';
import { filtersOf, instrument, markPrice } from '../market-events.ts';
import { loggedExchange } from './exchange-log.ts';

const test = suite('operators/matching/filters');

const LIMIT: FilteredOrder = { side: 'buy', type: 'LIMIT', priceTicks: 100, qtySteps: 4, isReducing: false };

function codeOf(
  asked: Partial<InstrumentFilters>,
  order: Partial<FilteredOrder>,
  markTicks = 100,
  resting = 0,
): number {
  return filterRefusal(filtersOf(asked), { ...LIMIT, ...order }, markTicks, 102, resting);
}

test('a limit order has its own quantities, a market order its own', () => {
  const asked = { minQtySteps: 2, maxQtySteps: 10, marketMinQtySteps: 3, marketMaxQtySteps: 5 };
  const codes = (type: 'LIMIT' | 'MARKET') =>
    [1, 2, 3, 5, 6, 10, 11].map((qtySteps) => codeOf(asked, { type, qtySteps }));
  assert.equal(codes('LIMIT'), [-4004, 0, 0, 0, 0, 0, -4005]);
  assert.equal(codes('MARKET'), [-4004, -4004, 0, 0, -4005, -4005, -4005]);
});

test('prices have a least and a greatest, and bounds about the mark price: above for buyers, below for sellers', () => {
  const asked = { minPriceTicks: 10, maxPriceTicks: 1_000, multiplierUp: 1.05, multiplierDown: 0.95 };
  const codes = (side: 'buy' | 'sell') =>
    [9, 94, 95, 105, 106, 1_001].map((priceTicks) => codeOf(asked, { side, priceTicks }));
  assert.equal(codes('buy'), [-4013, 0, 0, 0, -4016, -4002]);
  assert.equal(codes('sell'), [-4013, -4024, 0, 0, 0, -4002]);
  assert.is(codeOf(asked, { priceTicks: 999 }, Number.NaN), 0);
});

test('a market order is judged by the best price on the other side', () => {
  assert.is(codeOf({ multiplierUp: 1.02 }, { type: 'MARKET' }), 0);
  assert.is(codeOf({ multiplierUp: 1.01 }, { type: 'MARKET' }), -4131);
});

test('the least notional is asked of all but what reduces; of a market order by the mark price', () => {
  const asked = { minNotionalTickSteps: 400 };
  assert.is(codeOf(asked, {}), 0);
  assert.is(codeOf(asked, { priceTicks: 99 }), -4164);
  assert.is(codeOf(asked, { priceTicks: 99, isReducing: true }), 0);
  assert.is(codeOf(asked, { type: 'MARKET', priceTicks: Number.NaN }, 99), -4164);
  assert.is(codeOf(asked, { type: 'MARKET', priceTicks: Number.NaN }, Number.NaN), 0);
});

test('as many orders rest as may', () => {
  assert.equal(
    [1, 2].map((resting) => codeOf({ maxOrders: 2 }, {}, 100, resting)),
    [0, -2025],
  );
  assert.is(codeOf({ maxOrders: 2 }, { type: 'MARKET' }, 100, 2), 0);
});

test('a market order trades up to a bound about the mark price', () => {
  const filters = filtersOf({ marketTakeBound: 0.05 });
  assert.equal([marketBound(filters, 'buy', 100), marketBound(filters, 'sell', 100)], [105, 95]);
  assert.equal(
    [marketBound(filters, 'buy', Number.NaN), marketBound(null, 'sell', 100)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
});

test('the exchange asks what the log tells of the instrument, and no more than that', () => {
  const { exchange, place, event, said } = loggedExchange();
  place({ orderId: 1, qtySteps: 1 });
  exchange.filters = filtersOf({ minNotionalTickSteps: 150, marketTakeBound: 0.02, maxOrders: 2 });
  place({ orderId: 2, qtySteps: 1 });
  place({ orderId: 3, qtySteps: 2 });
  place({ orderId: 4, qtySteps: 2 });
  event(markPrice(1, 10));
  place({ orderId: 5, type: 'MARKET', qtySteps: 9 });
  assert.equal(said(), [
    '1 accepted',
    '2 REJECTED -4164',
    '3 accepted',
    '4 REJECTED -2025',
    '5 accepted',
    '5 taker 7 at 102',
    '5 EXPIRED',
  ]);
  event(instrument());
  assert.is(exchange.filters, null);
});

test.run();
