import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { triggeredOrder } from '../../../operators/matching/conditional-order.ts';
import { createOwnOrders } from '../../../pipelines/simulation/own-orders.ts';
import { STOP } from '../../operators/matching/exchange-log.ts';

const test = suite('pipelines/simulation/own-orders');

const ORDER = triggeredOrder({ ...STOP, type: 'STOP', priceTicks: 98 }, 0);
const fill = (qtySteps: number) => ({ orderId: 1, side: 'sell', positionSide: 'BOTH', qtySteps }) as const;

test('an order is there until its last fill, which may be of less than it asked for', () => {
  const own = createOwnOrders();
  own.add(ORDER);
  own.open(1);
  own.fill(fill(1), false);
  assert.equal([own.orders[0]!.leftSteps, own.orders[0]!.state, own.positionSteps], [3, 'open', -1]);
  own.fill(fill(1), true);
  assert.equal([own.orders.length, own.positionSteps], [0, -2]);
});

test('one that was triggered is an order, being cancelled where that was asked before', () => {
  const own = createOwnOrders();
  own.addConditional(STOP);
  own.open(1);
  assert.is(own.conditionalOrders[0]!.state, 'open');
  assert.ok(own.cancel(1));
  assert.not(own.cancel(1));
  own.trigger(ORDER);
  assert.equal([own.conditionalOrders.length, own.orders[0]!.state], [0, 'cancelling']);
  assert.not(own.cancel(1));
  assert.is(own.find(1), undefined);
  own.end(1);
  assert.is(own.orders.length, 0);
});

test('a change moves price and quantity, and what was filled stays', () => {
  const own = createOwnOrders();
  own.add(ORDER);
  own.fill(fill(1), false);
  own.amend(1, 97, 8);
  const [{ priceTicks, qtySteps, leftSteps } = {}] = own.orders;
  assert.equal([priceTicks, qtySteps, leftSteps], [97, 9, 8]);
});

test('while a change is on its way the larger of both quantities counts, until all changes are answered', () => {
  const own = createOwnOrders();
  own.add(ORDER);
  const [order] = own.orders;
  const seen = () => [order!.qtySteps, order!.mostSteps];
  assert.equal(seen(), [4, 4]);
  own.sendAmend(1, 9);
  own.sendAmend(1, 2);
  own.sendAmend(7, 2);
  assert.equal(seen(), [4, 9]);
  own.amend(1, 98, 9);
  assert.equal(seen(), [9, 9]);
  own.rejectAmend(1);
  assert.equal(seen(), [9, 9]);
  own.sendAmend(1, 3);
  assert.equal(seen(), [9, 9]);
  own.amend(1, 98, 3);
  assert.equal(seen(), [3, 3]);
  own.rejectAmend(7);
});

test.run();
