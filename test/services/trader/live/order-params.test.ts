import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ConditionalTerms, conditionalRequest } from '../../../../pipelines/simulation/conditional-terms.ts';
import { algoParams, amendParams, orderParams } from '../../../../services/trader/live/order-params.ts';
import { REQUEST, SCALE } from './fake-exchange.ts';

const algo = (terms: ConditionalTerms) => algoParams(SCALE, 'don-a-2', conditionalRequest(2, 'sell', terms));
const COMMON = { side: 'SELL', algoType: 'CONDITIONAL', clientAlgoId: 'don-a-2', workingType: 'CONTRACT_PRICE' };

test('a change says what stays, too, and names the order by our name or the exchange’s number', () => {
  const amend = { orderId: 1, priceTicks: 1_001, qtySteps: 12 };
  const says = { side: 'BUY', quantity: '0.012', price: '100.1' };
  const ours = amendParams(SCALE, { origClientOrderId: 'don-a-1' }, 'buy', amend);
  assert.equal(ours, { origClientOrderId: 'don-a-1', ...says });
  assert.equal(amendParams(SCALE, { orderId: '7' }, 'buy', amend), { orderId: '7', ...says });
});

test('each kind of conditional order says what Binance wants of it, and nothing that it refuses', () => {
  const stop = { type: 'STOP_MARKET', triggerTicks: 990 } as const;
  const market = { ...COMMON, type: 'STOP_MARKET', triggerPrice: '99.0' };
  assert.equal(algo({ ...stop, closesPosition: true }), { ...market, closePosition: 'true' });
  assert.equal(algo({ ...stop, qtySteps: 5, isReduceOnly: true, isPriceProtected: true, workingType: 'MARK_PRICE' }), {
    ...market,
    quantity: '0.005',
    reduceOnly: 'true',
    priceProtect: 'TRUE',
    workingType: 'MARK_PRICE',
  });
  const limit = algo({ type: 'TAKE_PROFIT', triggerTicks: 1_010, priceTicks: 1_009, qtySteps: 5, timeInForce: 'GTX' });
  assert.equal(limit, {
    ...COMMON,
    type: 'TAKE_PROFIT',
    triggerPrice: '101.0',
    price: '100.9',
    timeInForce: 'GTX',
    quantity: '0.005',
  });
  const trail = { type: 'TRAILING_STOP_MARKET', callbackRate: 0.5, qtySteps: 5 } as const;
  const trailing = { ...COMMON, type: 'TRAILING_STOP_MARKET', callbackRate: 0.5, quantity: '0.005' };
  assert.equal(algo(trail), trailing);
  assert.equal(algo({ ...trail, callbackRate: 0.1 + 0.2 }), { ...trailing, callbackRate: 0.3 });
  assert.equal(algo({ ...trail, activationTicks: 1_010 }), { ...trailing, activatePrice: '101.0' });
});

test('a side of a hedge is said, and what is not said is left to the exchange', () => {
  const plain = orderParams(SCALE, 'don-a-1', REQUEST);
  assert.equal(Object.keys(plain).sort(), [
    'newClientOrderId',
    'newOrderRespType',
    'price',
    'quantity',
    'side',
    'timeInForce',
    'type',
  ]);
  assert.is(orderParams(SCALE, 'don-a-1', { ...REQUEST, positionSide: 'LONG' })['positionSide'], 'LONG');
});

test.run();
