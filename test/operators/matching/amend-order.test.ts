import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OrderRequest } from '../../../operators/matching/order.ts';
import { filtersOf, trade } from '../market-events.ts';
import { loggedExchange } from './exchange-log.ts';

const test = suite('operators/matching/amend-order');

const sold = (priceTicks: number, qtySteps: number) => trade(1, priceTicks, qtySteps, { aggressorSide: 'sell' });

test('any change puts it behind all that stand there, also one to less', () => {
  const { place, amend, event, said } = loggedExchange();
  place({ orderId: 1 });
  event(sold(100, 9));
  amend({ orderId: 1, priceTicks: 100, qtySteps: 3 });
  event(sold(100, 9));
  assert.equal(said(), ['1 accepted', '1 amended, 3 at 100']);
  event(sold(100, 2));
  assert.equal(said(), ['1 queue 1 at 100']);
});

test('its quantity is of the whole order, and what is filled counts in it', () => {
  const { exchange, place, amend, event, said } = loggedExchange();
  place({ orderId: 1 });
  event(sold(100, 11));
  amend({ orderId: 1, priceTicks: 99, qtySteps: 6 });
  assert.equal(said(), ['1 accepted', '1 queue 1 at 100', '1 amended, 5 at 99']);
  const [{ priceTicks, leftSteps, filledSteps, frontSteps, amends } = {}] = exchange.orders;
  assert.equal([priceTicks, leftSteps, filledSteps, frontSteps, amends], [99, 5, 1, 20, 1]);
  amend({ orderId: 1, priceTicks: 99, qtySteps: 1 });
  assert.equal(said(), ['1 CANCELED']);
});

test('a price that crosses takes; a post-only order is cancelled by it', () => {
  const { exchange, place, amend, said } = loggedExchange();
  place({ orderId: 1, qtySteps: 9 });
  amend({ orderId: 1, priceTicks: 102, qtySteps: 9 });
  assert.equal(said(), ['1 accepted', '1 amended, 9 at 102', '1 taker 7 at 102']);
  assert.is(exchange.orders[0]!.filledSteps, 7);
  place({ orderId: 2, timeInForce: 'GTX' });
  amend({ orderId: 2, priceTicks: 103, qtySteps: 4 });
  assert.equal(said(), ['2 accepted', '2 CANCELED']);
});

test('what is refused leaves it as it was', () => {
  const { exchange, place, amend, said } = loggedExchange();
  exchange.filters = filtersOf({ minNotionalTickSteps: 300 });
  place({ orderId: 1 });
  const before = structuredClone(exchange.orders);
  amend({ orderId: 1, priceTicks: 100, qtySteps: 4 });
  amend({ orderId: 1, priceTicks: 100.5, qtySteps: 4 });
  amend({ orderId: 1, priceTicks: 100, qtySteps: 0 });
  amend({ orderId: 1, priceTicks: 100, qtySteps: 2.5 });
  amend({ orderId: 1, priceTicks: 99, qtySteps: 3 });
  amend({ orderId: 2, priceTicks: 99, qtySteps: 4 });
  assert.equal(said(), [
    '1 accepted',
    '1 not amended -5027',
    '1 not amended -4014',
    '1 not amended -4003',
    '1 not amended -4023',
    '1 not amended -5029',
    '2 unknown -2013',
  ]);
  assert.equal(exchange.orders, before);
  exchange.orders[0]!.amends = 10_000;
  amend({ orderId: 1, priceTicks: 99, qtySteps: 4 });
  assert.equal(said(), ['1 not amended -5026']);
});

test('the account is asked for what it becomes larger by, and not where it becomes smaller', () => {
  const asked: (readonly [number, number])[] = [];
  const refusal = ({ qtySteps }: OrderRequest, priceTicks: number) => {
    asked.push([qtySteps, priceTicks]);
    return asked.length === 3 ? -2019 : 0;
  };
  const account = { refusal, reducibleSteps: () => 0 };
  const { place, amend, said } = loggedExchange('risk-averse', 'partial', { account });
  place({ orderId: 1 });
  amend({ orderId: 1, priceTicks: 99, qtySteps: 4 });
  amend({ orderId: 1, priceTicks: 100, qtySteps: 6 });
  amend({ orderId: 1, priceTicks: 100, qtySteps: 60 });
  assert.equal(asked, [
    [4, 100],
    [3, 100],
    [54, 100],
  ]);
  assert.equal(said().slice(-1), ['1 not amended -2019']);
});

test.run();
