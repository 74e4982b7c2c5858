import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ConditionalOrder,
  type ConditionalRequest,
  isReached,
  isTriggeredBy,
  malformedConditional,
  triggeredOrder,
} from '../../../operators/matching/conditional-order.ts';
import { STOP } from './exchange-log.ts';

const test = suite('operators/matching/conditional-order');

test('a stop waits for the price to go on beyond it, a take-profit for it to come, to the tick', () => {
  const reached = (type: ConditionalRequest['type'], side: 'buy' | 'sell') =>
    [99, 100, 101].filter((ticks) => isReached({ ...STOP, type, side, triggerTicks: 100 }, ticks));
  assert.equal(reached('STOP_MARKET', 'sell'), [99, 100]);
  assert.equal(reached('STOP', 'buy'), [100, 101]);
  assert.equal(reached('TAKE_PROFIT_MARKET', 'sell'), [100, 101]);
  assert.equal(reached('TAKE_PROFIT', 'buy'), [99, 100]);
  assert.not(isReached(STOP, Number.NaN));
});

function pathOf(request: Partial<ConditionalRequest>, prices: readonly number[]): number | undefined {
  const order: ConditionalOrder = { ...STOP, type: 'TRAILING_STOP_MARKET', peakTicks: Number.NaN, ...request };
  return prices.find((ticks) => isTriggeredBy(order, ticks));
}

test('a trailing stop to sell trails the highest price since its activation, and goes when it has turned back', () => {
  const sell = { triggerTicks: 1_010, callbackRate: 1 };
  // 990 is before it trails; from 1,020 on a hundredth back is 1,009.8.
  assert.is(pathOf(sell, [1_000, 990, 1_010, 1_020, 1_010, 1_009, 1_000]), 1_009);
  assert.is(pathOf(sell, [1_009, 900]), undefined);
  // The last bit of 1,000 × 0.7 % does not decide.
  assert.is(pathOf({ triggerTicks: Number.NaN, callbackRate: 0.7 }, [1_000, 993]), 993);
});

test('a trailing stop to buy trails the lowest price', () => {
  const buy = { side: 'buy', triggerTicks: 1_000, callbackRate: 2 } as const;
  assert.is(pathOf(buy, [1_100, 1_200, 1_000, 950, 960, 969, 968, 970]), 969);
});

test('what is no conditional order has its code', () => {
  const trailing = { type: 'TRAILING_STOP_MARKET', triggerTicks: Number.NaN, callbackRate: 1 } as const;
  const cases: readonly (readonly [Partial<ConditionalRequest>, number])[] = [
    [{}, 0],
    [{ triggerTicks: 0 }, -4006],
    [{ triggerTicks: 98.5 }, -4014],
    [{ type: 'STOP' }, -4014],
    [{ type: 'STOP', priceTicks: 97 }, 0],
    [{ qtySteps: 0 }, -4003],
    [{ qtySteps: 1.5 }, -4023],
    [trailing, 0],
    [{ ...trailing, triggerTicks: 0 }, -4135],
    [{ ...trailing, callbackRate: 0 }, -2007],
    [{ ...trailing, callbackRate: 20.1 }, -2007],
    [{ ...trailing, callbackRate: 0.15 }, -2007],
    [{ ...trailing, closesPosition: true, qtySteps: 0 }, -4136],
    [{ closesPosition: true }, -4137],
    [{ closesPosition: true, qtySteps: 0, isReduceOnly: true }, -1106],
    [{ closesPosition: true, qtySteps: 0 }, 0],
  ];
  for (const [request, code] of cases)
    assert.is(malformedConditional({ ...STOP, ...request }), code, JSON.stringify(request));
});

test('it becomes a market or a limit order, and one that closes a position reduces', () => {
  const { type, priceTicks, timeInForce } = triggeredOrder({ ...STOP, type: 'STOP', priceTicks: 97 }, 0);
  assert.equal([type, priceTicks, timeInForce], ['LIMIT', 97, 'GTC']);
  const closing = { ...STOP, closesPosition: true, qtySteps: 0 };
  const whole = triggeredOrder(closing, 7);
  assert.equal([whole.type, whole.qtySteps, whole.isReduceOnly], ['MARKET', 7, true]);
  assert.not(triggeredOrder({ ...closing, positionSide: 'LONG' }, 7).isReduceOnly);
});

test.run();
