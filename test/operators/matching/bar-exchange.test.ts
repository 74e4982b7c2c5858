import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liquidateBar } from '../../../operators/matching/bar-exchange.ts';
import { passPrices } from '../../../operators/matching/bar-path.ts';
import type { ExchangeListener } from '../../../operators/matching/order.ts';
import { loggedBarExchange, RULES } from './bar-exchange-log.ts';

const test = suite('operators/matching/bar-exchange');

test('a market order is filled at the open, worsened by half a spread and slippage, on the grid', () => {
  const it = loggedBarExchange();
  it.market(1, 'buy', 10);
  it.market(2, 'sell', 10);
  assert.equal(it.said(), ['1 taker 10 at 1002, filled', '2 taker 10 at 998, filled']);
  const fine = loggedBarExchange(1_000, { assumptions: { spreadTicks: 1, slippageBps: 0, volumeShare: 1 } });
  fine.market(1, 'buy', 10);
  fine.market(2, 'sell', 10);
  assert.equal(fine.said(), ['1 taker 10 at 1001, filled', '2 taker 10 at 999, filled']);
});

test('a limit order that reaches the other side takes, at its limit at worst; another rests', () => {
  const it = loggedBarExchange();
  it.limit(1, 'buy', 1_010);
  it.limit(2, 'buy', 1_001);
  it.limit(3, 'buy', 1_000);
  it.limit(4, 'sell', 999);
  assert.equal(it.said(), [
    '1 taker 10 at 1002, filled',
    '2 taker 10 at 1001, filled',
    '3 rests 10 at 1000',
    '4 taker 10 at 999, filled',
  ]);
});

test('what rests is filled at its price when the price goes through it, and not when it is touched', () => {
  const it = loggedBarExchange();
  it.limit(1, 'buy', 990);
  it.limit(2, 'sell', 1_010);
  it.said();
  it.pass(990, 1_010, 1_000);
  assert.equal(it.said(), []);
  it.pass(989, 1_010, 1_000);
  assert.equal(it.said(), ['1 through 10 at 990, filled']);
  it.pass(1_000, 1_011, 1_000);
  assert.equal(it.said(), ['2 through 10 at 1010, filled']);
});

test('own orders get their part of a candle’s volume in all, and the rest waits, or ends', () => {
  const it = loggedBarExchange(250);
  it.limit(1, 'buy', 990, { qtySteps: 20 });
  it.limit(2, 'buy', 995, { qtySteps: 20 });
  it.market(3, 'buy', 10);
  it.market(4, 'buy', 10);
  it.pass(980, 1_000, 985);
  // 25 of 250: 10 and 10 are taken, 5 are left for the higher of the two that rest.
  assert.equal(it.said(), [
    '1 rests 20 at 990',
    '2 rests 20 at 995',
    '3 taker 10 at 1002, filled',
    '4 taker 10 at 1002, filled',
    '2 through 5 at 995',
  ]);
  it.begin(170);
  it.pass(980, 990, 985);
  assert.equal(it.said(), ['2 through 15 at 995, filled', '1 through 2 at 990']);
  it.begin(9);
  it.market(5, 'buy', 10);
  it.pass(980, 1_000, 985);
  assert.equal(it.said(), ['5 EXPIRED -2020']);
  it.begin(40);
  it.market(6, 'buy', 10);
  assert.equal(it.said(), ['6 taker 4 at 1002', '6 EXPIRED']);
  it.begin(Number.NaN);
  it.market(7, 'buy', 1_000_000);
  assert.equal(it.said(), ['7 taker 1000000 at 1002, filled']);
});

test('IOC, FOK and GTX end as on Binance', () => {
  const it = loggedBarExchange(150);
  it.limit(1, 'buy', 999, { timeInForce: 'IOC' });
  it.limit(2, 'buy', 1_005, { timeInForce: 'GTX' });
  it.limit(3, 'buy', 1_000, { timeInForce: 'GTX' });
  it.limit(4, 'buy', 1_005, { timeInForce: 'FOK', qtySteps: 16 });
  it.limit(5, 'buy', 999, { timeInForce: 'FOK' });
  it.limit(6, 'buy', 1_005, { timeInForce: 'FOK' });
  it.limit(7, 'buy', 1_005, { timeInForce: 'IOC' });
  assert.equal(it.said(), [
    '1 EXPIRED',
    '2 EXPIRED -5022',
    '3 rests 10 at 1000',
    '4 EXPIRED -5021',
    '5 EXPIRED -5021',
    '6 taker 10 at 1002, filled',
    '7 taker 5 at 1002',
    '7 EXPIRED',
  ]);
});

test('a reduce-only order reduces, and nothing else', () => {
  const it = loggedBarExchange();
  it.market(1, 'sell', 10, true);
  it.market(2, 'buy', 6);
  it.market(3, 'buy', 10, true);
  it.market(4, 'sell', 10, true);
  it.market(5, 'buy', 6);
  it.limit(6, 'sell', 1_010, { isReduceOnly: true });
  assert.is(it.exchange.positionSteps, 6);
  it.pass(1_000, 1_020, 1_015);
  assert.equal(it.said(), [
    '1 REJECTED -2022',
    '2 taker 6 at 1002, filled',
    '3 REJECTED -2022',
    '4 taker 6 at 998',
    '4 EXPIRED',
    '5 taker 6 at 1002, filled',
    '6 rests 6 at 1010',
    '6 through 6 at 1010, filled',
  ]);
});

test('orders that cannot be are refused with Binance’s codes', () => {
  const refuses = loggedBarExchange(1_000, {
    ...RULES,
    account: { refusal: ({ qtySteps }) => (qtySteps > 10 ? -2019 : 0) },
  });
  refuses.limit(1, 'buy', 990.5);
  refuses.limit(2, 'buy', 0);
  refuses.limit(3, 'buy', 990, { qtySteps: 0 });
  refuses.limit(4, 'buy', 990, { qtySteps: 1.5 });
  refuses.market(5, 'buy', 11);
  refuses.limit(6, 'buy', 990, { type: 'TRAILING' as 'LIMIT' });
  refuses.limit(7, 'buy', 990, { timeInForce: 'GTD' });
  refuses.limit(8, 'buy', 990, { positionSide: 'LONG' });
  refuses.cancel(9);
  assert.equal(refuses.said(), [
    '1 REJECTED -4014',
    '2 REJECTED -4014',
    '3 REJECTED -4003',
    '4 REJECTED -4023',
    '5 REJECTED -2019',
    '6 REJECTED -1116',
    '7 REJECTED -1115',
    '8 REJECTED -4061',
    '9 unknown -2011',
  ]);
});

test('a listener that liquidates within a candle ends it for the other orders', () => {
  const it = loggedBarExchange();
  it.limit(1, 'buy', 990);
  it.limit(2, 'buy', 985);
  const said: string[] = [];
  const listener: ExchangeListener = {
    ...it.listener,
    onFill(order, priceTicks) {
      said.push(`${order.orderId} at ${priceTicks}`);
      liquidateBar(it.exchange, this);
    },
    onEnd: (id, end) => said.push(`${id} ${end}`),
  };
  passPrices(it.exchange, RULES, { open: 1_000, low: 980, high: 1_000, close: 990 }, listener);
  assert.equal(said, ['1 at 990', '2 CANCELED']);
  const { orders, positionSteps, volumeSteps } = it.exchange;
  assert.equal([orders, positionSteps, volumeSteps], [[], 0, 90]);
});

test.run();
