import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SelfTradePrevention } from '../../../operators/matching/order.ts';
import { loggedExchange } from './exchange-log.ts';

const test = suite('operators/matching/self-trade');

/** Own offers at 103 and 102, in front of which 7 stand at 102 and 20 at 103, and an order to buy 30 up to 104. */
function met(selfTrade: SelfTradePrevention | undefined, others: object = {}): string[] {
  const { place, said } = loggedExchange();
  place({ orderId: 1, side: 'sell', priceTicks: 103 });
  place({ orderId: 2, side: 'sell', priceTicks: 104 });
  place({ orderId: 3, side: 'buy', priceTicks: 99 });
  said();
  place({ orderId: 4, priceTicks: 103, qtySteps: 30, ...(selfTrade === undefined ? {} : { selfTrade }), ...others });
  return said().filter((line) => !line.endsWith('accepted'));
}

test('the one that takes ends where it would meet its own, with what it has', () => {
  assert.equal(met('EXPIRE_TAKER'), ['4 taker 7 at 102', '4 EXPIRED_IN_MATCH']);
});

test('the one that rests ends, and the one that takes goes on', () => {
  assert.equal(met('EXPIRE_MAKER'), ['4 taker 7 at 102', '1 EXPIRED_IN_MATCH', '4 taker 20 at 103']);
});

test('both end, of those that rest the one that is met first', () => {
  assert.equal(met('EXPIRE_BOTH'), ['4 taker 7 at 102', '1 EXPIRED_IN_MATCH', '4 EXPIRED_IN_MATCH']);
});

test('where nothing is said own orders do not meet, nor where nothing is taken, or all at once', () => {
  assert.equal(met(undefined), ['4 taker 7 at 102', '4 taker 20 at 103']);
  assert.equal(met('EXPIRE_MAKER', { priceTicks: 101 }), []);
  assert.equal(met('EXPIRE_BOTH', { timeInForce: 'FOK', qtySteps: 27 }), [
    '4 taker 7 at 102',
    '4 taker 20 at 103, filled',
  ]);
});

test('an own order within the spread is met before the book is', () => {
  const { place, said } = loggedExchange();
  place({ orderId: 1, side: 'sell', priceTicks: 101 });
  place({ orderId: 2, priceTicks: 101, selfTrade: 'EXPIRE_TAKER' });
  place({ orderId: 3, type: 'MARKET', selfTrade: 'EXPIRE_MAKER' });
  assert.equal(said(), [
    '1 accepted',
    '2 accepted',
    '2 EXPIRED_IN_MATCH',
    '3 accepted',
    '1 EXPIRED_IN_MATCH',
    '3 taker 4 at 102, filled',
  ]);
});

test.run();
