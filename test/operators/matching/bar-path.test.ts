import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { passPrices } from '../../../operators/matching/bar-path.ts';
import type { ConditionalRequest } from '../../../operators/matching/conditional-order.ts';
import type { ExchangeListener, OrderSide } from '../../../operators/matching/order.ts';
import { random } from '../../../operators/random.ts';
import { loggedBarExchange, RULES } from './bar-exchange-log.ts';
import { STOP } from './exchange-log.ts';

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
    passPrices(it.exchange, RULES, { open: 1_000, low, high, close }, listener);
    const worth = cash + it.exchange.positionSteps * close;
    const ways = [worthOf(['buy', 'sell']), worthOf(['sell', 'buy'])];
    assert.is(worth, Math.min(...ways));
    if (ways[0] !== ways[1]) differing++;
  }
  assert.ok(differing > 100, `${differing} rounds in which it matters`);
});

test('with orders that wait, too: told a second time tick by tick', () => {
  const { uniform } = random(11);
  const whole = (least: number, most: number): number => least + Math.floor(uniform() * (most - least + 1));
  let [differing, triggered] = [0, 0];
  for (let round = 0; round < 2_000; round++) {
    const low = whole(950, 1_000);
    const high = whole(1_000, 1_050);
    const close = whole(low, high);
    const position = whole(-20, 20);
    // No two at one price: of these the order is another's matter.
    const prices = new Set<number>();
    const priceOf = (least: number, most: number): number => {
      for (;;) {
        const ticks = whole(least, most);
        if (prices.has(ticks) || prices.has(ticks - 1) || prices.has(ticks + 1)) continue;
        prices.add(ticks);
        return ticks;
      }
    };
    const waits: ConditionalRequest[] = Array.from({ length: whole(1, 4) }, (_, n) => {
      const type = (['STOP', 'STOP_MARKET', 'TAKE_PROFIT_MARKET'] as const)[whole(0, 2)]!;
      const side = uniform() < 0.5 ? ('buy' as const) : ('sell' as const);
      const isAbove = (type === 'TAKE_PROFIT_MARKET') === (side === 'sell');
      const triggerTicks = isAbove ? priceOf(1_002, 1_060) : priceOf(940, 998);
      const priceTicks = triggerTicks + whole(-9, 9);
      return {
        ...STOP,
        orderId: n + 1,
        type,
        side,
        triggerTicks,
        priceTicks,
        qtySteps: whole(1, 20),
        isReduceOnly: uniform() < 0.5,
      };
    });
    const orders = Array.from({ length: whole(0, 3) }, (_, n) => {
      const side = uniform() < 0.5 ? ('buy' as const) : ('sell' as const);
      const priceTicks = side === 'buy' ? priceOf(940, 998) : priceOf(1_002, 1_060);
      return { orderId: n + 10, side, priceTicks, isReduceOnly: uniform() < 0.5, leftSteps: whole(1, 20) };
    });
    const worthOf = (ends: readonly number[]): number => {
      let [held, cash] = [position, 0];
      const [resting, waiting] = [orders.map((order) => ({ ...order })), [...waits]];
      const fill = (side: OrderSide, ticks: number, qty: number, isReduceOnly: boolean): void => {
        const sign = side === 'buy' ? 1 : -1;
        const filled = isReduceOnly ? Math.min(qty, Math.max(0, -sign * held)) : qty;
        held += sign * filled;
        cash -= sign * filled * ticks;
      };
      let at = 1_000;
      const look = (): void => {
        for (const order of [...resting]) {
          if (order.side === 'buy' ? at >= order.priceTicks : at <= order.priceTicks) continue;
          resting.splice(resting.indexOf(order), 1);
          fill(order.side, order.priceTicks, order.leftSteps, order.isReduceOnly);
        }
        for (const order of [...waiting]) {
          const { type, side, triggerTicks, priceTicks, qtySteps, isReduceOnly } = order;
          const isBeyond = side === 'buy' ? at >= triggerTicks : at <= triggerTicks;
          const isThrough = side === 'buy' ? at < triggerTicks : at > triggerTicks;
          if (!(type === 'TAKE_PROFIT_MARKET' ? isThrough : isBeyond)) continue;
          waiting.splice(waiting.indexOf(order), 1);
          triggered++;
          // At the price that triggered it: 1 of half the spread and 10 bps worse.
          const sign = side === 'buy' ? 1 : -1;
          const worsened = (sign > 0 ? Math.ceil : Math.floor)(triggerTicks * (1 + sign / 1_000) + sign);
          const rests = type === 'STOP' && sign * (priceTicks - triggerTicks) < 1;
          if (!rests)
            fill(
              side,
              type === 'STOP' ? sign * Math.min(sign * worsened, sign * priceTicks) : worsened,
              qtySteps,
              isReduceOnly,
            );
          else if (!isReduceOnly || sign * held < 0) {
            const leftSteps = isReduceOnly ? Math.min(qtySteps, Math.abs(held)) : qtySteps;
            resting.push({ orderId: 0, side, priceTicks, isReduceOnly, leftSteps });
          }
        }
      };
      for (const end of ends)
        while (at !== end) {
          at += Math.sign(end - at);
          look();
        }
      return cash + held * close;
    };
    const it = loggedBarExchange(1_000_000);
    let cash = 0;
    const listener: ExchangeListener = {
      ...it.listener,
      onFill: (order, price, qty) => {
        cash -= (order.side === 'buy' ? 1 : -1) * qty * price;
      },
    };
    it.exchange.positionSteps = position;
    it.exchange.orders.push(...orders.map((order) => ({ ...order })));
    for (const order of waits) it.conditional(order);
    passPrices(it.exchange, RULES, { open: 1_000, low, high, close }, listener);
    const ways = [worthOf([low, high, close]), worthOf([high, low, close])];
    assert.is(cash + it.exchange.positionSteps * close, Math.min(...ways), `round ${round}`);
    if (ways[0] !== ways[1]) differing++;
  }
  assert.ok(differing > 200 && triggered > 1_000, `${differing} rounds in which it matters, ${triggered} triggered`);
});

test.run();
