import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type LoggedBarExchange, loggedBarExchange, RULES } from './bar-exchange-log.ts';

const test = suite('operators/matching/bar-conditional');

/** Holds 10 that were bought, before a candle that opens at 1,000. */
function long(volume = 1_000): LoggedBarExchange {
  const it = loggedBarExchange(volume);
  it.exchange.positionSteps = 10;
  return it;
}

test('a stop is triggered where its price is touched, and fills that price worsened', () => {
  const it = long();
  it.conditional({ orderId: 1 });
  it.pass(991, 1_050, 1_000);
  assert.equal(it.said(), []);
  // Half the spread and 10 bps: 990 − 1 − 0.99, on the grid.
  it.pass(990, 1_050, 1_040);
  assert.equal(it.said(), ['1 triggered, MARKET 10', '1 taker 10 at 988, filled']);
  assert.is(it.exchange.positionSteps, 0);
});

test('a candle that opens beyond a stop fills it at the open worsened', () => {
  const it = long();
  it.conditional({ orderId: 1 });
  it.pass(970, 970, 970, 970);
  assert.equal(it.said(), ['1 triggered, MARKET 10', '1 taker 10 at 968, filled']);
});

test('a take-profit is triggered where its price is gone through, not where it is touched, and not below a price beyond it at the open', () => {
  const it = long();
  it.conditional({ orderId: 1, type: 'TAKE_PROFIT_MARKET', triggerTicks: 1_010 });
  it.pass(1_000, 1_010, 1_010);
  assert.equal(it.said(), []);
  it.pass(1_000, 1_011, 1_000);
  assert.equal(it.said(), ['1 triggered, MARKET 10', '1 taker 10 at 1007, filled']);
  const gap = long();
  gap.conditional({ orderId: 1, type: 'TAKE_PROFIT_MARKET', triggerTicks: 1_010 });
  gap.pass(1_030, 1_030, 1_030, 1_030);
  assert.equal(gap.said(), ['1 triggered, MARKET 10', '1 taker 10 at 1027, filled']);
});

test('of a stop and a target in one candle the stop comes first, and the other finds nothing to reduce', () => {
  const it = long();
  it.conditional({ orderId: 1 });
  it.limit(2, 'sell', 1_010, { isReduceOnly: true });
  it.said();
  it.pass(980, 1_020, 1_015);
  assert.equal(it.said(), ['1 triggered, MARKET 10', '1 taker 10 at 988, filled', '2 EXPIRED']);
});

test('a stop to open is triggered on the way that ends the worse for it', () => {
  const it = loggedBarExchange();
  it.conditional({ orderId: 1, side: 'buy', triggerTicks: 1_010, isReduceOnly: false });
  it.conditional({ orderId: 2, side: 'sell', triggerTicks: 990, isReduceOnly: true });
  it.pass(985, 1_015, 1_014);
  // Up first: bought at 1,013, and stopped at 988. Down first the stop would find nothing.
  assert.equal(it.said(), [
    '1 triggered, MARKET 10',
    '1 taker 10 at 1013, filled',
    '2 triggered, MARKET 10',
    '2 taker 10 at 988, filled',
  ]);
});

test('what becomes a limit order takes up to its limit, or rests for the rest of the way', () => {
  const it = long();
  it.conditional({ orderId: 1, type: 'STOP', priceTicks: 989 });
  it.pass(980, 1_000, 985);
  assert.equal(it.said(), ['1 triggered, LIMIT 10', '1 taker 10 at 989, filled']);
  // Beyond its limit at the open it rests there, until the price comes back through it.
  const gap = long();
  gap.conditional({ orderId: 1, type: 'STOP', priceTicks: 985 });
  gap.pass(970, 970, 970, 970);
  gap.pass(960, 985, 970, 970);
  assert.equal(gap.said(), ['1 triggered, LIMIT 10', '1 rests 10 at 985']);
  gap.pass(960, 986, 970, 970);
  assert.equal(gap.said(), ['1 through 10 at 985, filled']);
  // Down to 980 first and up to a close of 1,000: a limit above the trigger is met again on the last way.
  const above = long();
  above.conditional({ orderId: 1, type: 'STOP', priceTicks: 995 });
  above.pass(980, 1_000, 998);
  assert.equal(above.said(), ['1 triggered, LIMIT 10', '1 rests 10 at 995', '1 through 10 at 995, filled']);
});

test('a trailing stop has its best price from ends of candles, and turns on the way that ends the worse', () => {
  const it = long();
  it.conditional({ orderId: 1, type: 'TRAILING_STOP_MARKET', triggerTicks: Number.NaN, callbackRate: 1 });
  it.pass(998, 1_008, 1_005);
  assert.equal(it.said(), []);
  assert.is(it.exchange.conditional.waiting[0]!.peakTicks, 1_008);
  // From 1,008 it turns at 997.92, so at 997; from 1,100 it would at 1,089.
  it.pass(997, 1_100, 1_099, 1_005);
  assert.equal(it.said(), ['1 triggered, MARKET 10', '1 taker 10 at 995, filled']);
  const up = long();
  up.conditional({ orderId: 1, type: 'TRAILING_STOP_MARKET', triggerTicks: Number.NaN, callbackRate: 1 });
  // Down first it would not turn at all, and 1,095 would be left.
  up.pass(995, 1_100, 1_095);
  assert.equal(up.said(), ['1 triggered, MARKET 10', '1 taker 10 at 1086, filled']);
});

test('a trailing stop with an activation price trails from the end of the candle that comes to it', () => {
  const it = long();
  it.conditional({ orderId: 1, type: 'TRAILING_STOP_MARKET', triggerTicks: 1_020, callbackRate: 1 });
  it.pass(900, 1_019, 1_015);
  assert.ok(Number.isNaN(it.exchange.conditional.waiting[0]!.peakTicks));
  it.pass(1_015, 1_020, 1_020, 1_015);
  assert.is(it.exchange.conditional.waiting[0]!.peakTicks, 1_020);
  assert.equal(it.said(), []);
});

test('what closes a position closes all of it, and expires when it is gone', () => {
  const it = long();
  it.conditional({ orderId: 1, closesPosition: true, isReduceOnly: false, qtySteps: 0 });
  it.conditional({
    orderId: 2,
    type: 'TAKE_PROFIT_MARKET',
    triggerTicks: 1_010,
    closesPosition: true,
    isReduceOnly: false,
    qtySteps: 0,
  });
  it.pass(980, 1_005, 1_000);
  assert.equal(it.said(), ['1 triggered, MARKET 10', '1 taker 10 at 988, filled', '2 EXPIRED']);
});

test('a stop gets its part of the volume, and what is beyond that expires', () => {
  const it = long(40);
  it.conditional({ orderId: 1 });
  it.pass(980, 1_000, 985);
  assert.equal(it.said(), ['1 triggered, MARKET 10', '1 taker 4 at 988', '1 EXPIRED']);
  assert.is(it.exchange.positionSteps, 6);
});

test('conditional orders that cannot be are refused with Binance’s codes, and cancelled as others', () => {
  const it = loggedBarExchange(1_000, {
    ...RULES,
    account: { refusal: ({ qtySteps }) => (qtySteps > 10 ? -2019 : 0) },
  });
  it.conditional({ orderId: 1, triggerTicks: 1_000 });
  it.conditional({ orderId: 2, triggerTicks: 1_001, type: 'TAKE_PROFIT_MARKET', positionSide: 'LONG' });
  it.conditional({ orderId: 3, triggerTicks: 990.5 });
  it.conditional({ orderId: 4, closesPosition: true, isReduceOnly: false, qtySteps: 0 });
  it.conditional({ orderId: 5 });
  it.cancel(5);
  it.cancel(5);
  it.conditional({ orderId: 6 });
  it.conditional({ orderId: 7, isReduceOnly: false, qtySteps: 11 });
  it.pass(980, 1_000, 985);
  assert.equal(it.said(), [
    '1 REJECTED -2021',
    '2 REJECTED -4061',
    '3 REJECTED -4014',
    '4 REJECTED -4509',
    '5 CANCELED',
    '5 unknown -2011',
    '6 triggered, MARKET 10',
    '6 REJECTED -2022',
    '7 triggered, MARKET 11',
    '7 REJECTED -2019',
  ]);
});

test.run();
