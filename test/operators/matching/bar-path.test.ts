import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { passPrices } from '../../../operators/matching/bar-exchange.ts';
import type { ExchangeListener, OrderSide } from '../../../operators/matching/order.ts';
import { random } from '../../../operators/random.ts';
import { loggedBarExchange } from './bar-exchange-log.ts';

const test = suite('operators/matching/bar-path');

test('a target does not come before the orders that would have found it with nothing to close', () => {
  // Flat, with an order to buy at 990 and one that closes at 1,010: down first would be a profit of 20 ticks.
  const flat = loggedBarExchange();
  flat.exchange.orders.push(
    { orderId: 1, side: 'buy', isReduceOnly: false, priceTicks: 990, leftSteps: 10 },
    { orderId: 2, side: 'sell', isReduceOnly: true, priceTicks: 1_010, leftSteps: 10 },
  );
  flat.pass(980, 1_020, 1_000);
  assert.equal(flat.said(), ['2 EXPIRED', '1 through 10 at 990, filled']);
  assert.is(flat.exchange.positionSteps, 10);
  // With a close above the target it is the worse to have closed at it.
  const risen = loggedBarExchange();
  risen.exchange.orders.push(
    { orderId: 1, side: 'buy', isReduceOnly: false, priceTicks: 990, leftSteps: 10 },
    { orderId: 2, side: 'sell', isReduceOnly: true, priceTicks: 1_010, leftSteps: 10 },
  );
  risen.pass(980, 1_020, 1_015);
  assert.equal(risen.said(), ['1 through 10 at 990, filled', '2 through 10 at 1010, filled']);
});

test('where both ways leave the same, the price goes against the position first', () => {
  for (const [position, expected] of [
    [5, ['1 through 10 at 990, filled', '2 through 10 at 1010, filled']],
    [-5, ['2 through 10 at 1010, filled', '1 through 10 at 990, filled']],
  ] as const) {
    const it = loggedBarExchange();
    it.limit(1, 'buy', 990);
    it.limit(2, 'sell', 1_010);
    it.said();
    it.exchange.positionSteps = position;
    it.pass(980, 1_020, 1_000);
    assert.equal(it.said(), expected);
  }
});

test('where the volume does not suffice for both, the side that ends the worse for it is filled', () => {
  for (const [close, expected] of [
    [985, '1 through 10 at 990, filled'],
    [1_015, '2 through 10 at 1010, filled'],
  ] as const) {
    const it = loggedBarExchange(100);
    it.limit(1, 'buy', 990);
    it.limit(2, 'sell', 1_010);
    it.said();
    it.pass(980, 1_020, close);
    assert.equal(it.said(), [expected]);
  }
});

test('the path that is taken leaves no more than the other, whatever rests', () => {
  const { uniform } = random(7);
  const whole = (least: number, most: number): number => least + Math.floor(uniform() * (most - least + 1));
  let differing = 0;
  for (let round = 0; round < 2_000; round++) {
    const low = whole(950, 1_000);
    const high = whole(1_000, 1_050);
    const close = whole(low, high);
    const position = whole(-20, 20);
    const volume = whole(0, 400);
    const orders = Array.from({ length: whole(1, 5) }, (_, n) => ({
      orderId: n + 1,
      side: uniform() < 0.5 ? ('buy' as const) : ('sell' as const),
      isReduceOnly: uniform() < 0.5,
      leftSteps: whole(1, 20),
    })).map((order) => ({ ...order, priceTicks: order.side === 'buy' ? whole(940, 1_000) : whole(1_000, 1_060) }));
    // What a path leaves, told a second time: one order after another, each by what is there then.
    const worthOf = (sides: readonly OrderSide[]): number => {
      let [held, cash, left] = [position, 0, Math.floor(volume * 0.1 + 1e-9)];
      for (const side of sides) {
        const sign = side === 'buy' ? 1 : -1;
        const met = orders
          .filter((order) => order.side === side && (sign > 0 ? low < order.priceTicks : high > order.priceTicks))
          .sort((one, other) => sign * (other.priceTicks - one.priceTicks));
        for (const order of met) {
          const most = order.isReduceOnly ? Math.max(0, -sign * held) : Number.POSITIVE_INFINITY;
          const qty = Math.min(order.leftSteps, left, most);
          held += sign * qty;
          cash -= sign * qty * order.priceTicks;
          left -= qty;
        }
      }
      return cash + held * close;
    };
    const it = loggedBarExchange(volume);
    let cash = 0;
    const listener: ExchangeListener = {
      ...it.listener,
      onFill: (order, price, qty) => {
        cash -= (order.side === 'buy' ? 1 : -1) * qty * price;
      },
    };
    it.exchange.positionSteps = position;
    it.exchange.orders.push(...orders.map((order) => ({ ...order })));
    passPrices(it.exchange, { low, high, close }, listener);
    const worth = cash + it.exchange.positionSteps * close;
    const ways = [worthOf(['buy', 'sell']), worthOf(['sell', 'buy'])];
    assert.is(worth, Math.min(...ways));
    if (ways[0] !== ways[1]) differing++;
  }
  assert.ok(differing > 100, `${differing} rounds in which it matters`);
});

test.run();
