import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tradeOrder } from '../../../operators/performance/trade-order.ts';
import { random } from '../../../operators/random.ts';
import { near } from './near.ts';

const test = suite('operators/performance/trade-order');
const options = (initial: number) => ({ initial, samples: 4_000, uniform: random(5).uniform });

test('all orders of three trades, by their odds', () => {
  // Drawdowns: 10 −4 −4 and −4 −4 10 fall by 8, −4 10 −4 by 4: each order is as likely.
  const order = tradeOrder([10, -4, -4], options(100))!;
  assert.is(order.actual, 8);
  assert.is(order.worst, 8);
  assert.is(order.median, 8);
  near(order.asDeep, 2 / 3, 0.03);
  assert.is(order.ruined, 0);
});

test('says how often the equity is lost on the way', () => {
  // −4 −4 first is ruin from 8: one order of three.
  near(tradeOrder([10, -4, -4], options(8))!.ruined, 1 / 3, 0.03);
});

test('the same trades in any order are as deep as themselves', () => {
  const order = tradeOrder([-0.1, -0.2, -0.3], options(10))!;
  assert.is(order.asDeep, 1);
});

test('one of the orders is that in which they came', () => {
  const order = tradeOrder([10, -4, -4], { initial: 100, samples: 5, uniform: () => 0.999 })!;
  assert.equal([order.median, order.asDeep], [8, 1]);
});

test('has no answer for one trade or none', () => {
  assert.is(tradeOrder([], options(1)), null);
  assert.is(tradeOrder([5], options(1)), null);
});

test.run();
