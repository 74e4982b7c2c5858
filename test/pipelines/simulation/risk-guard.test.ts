import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_RISK_LIMITS, type RiskLimits } from '../../../operators/risk/risk-limits.ts';
import { createRiskGuard } from '../../../pipelines/simulation/risk-guard.ts';
import type { Market, OwnConditionalOrder, OwnOrder } from '../../../pipelines/simulation/strategy.ts';

const ORDER = {
  orderId: 1,
  side: 'buy',
  positionSide: 'BOTH',
  type: 'LIMIT',
  timeInForce: 'GTC',
  priceTicks: 1_000,
  qtySteps: 10,
  isReduceOnly: false,
} as const;

const own = (side: 'buy' | 'sell', leftSteps: number, isReduceOnly = false) =>
  ownOf({ side, leftSteps, qtySteps: leftSteps, mostSteps: leftSteps, isReduceOnly });

function ownOf(terms: Partial<OwnOrder>): OwnOrder {
  return { orderId: 9, side: 'buy', priceTicks: 1_000, isReduceOnly: false, state: 'open', ...terms } as OwnOrder;
}

/** What of a market the guard looks at. */
function marketOf(state: Partial<Market> = {}): Market {
  const market: Partial<Market> = {
    timeUs: 10_000_000,
    bookUs: 10_000_000,
    isBookValid: true,
    areFeaturesValid: true,
    bidTicks: 999,
    askTicks: 1_001,
    positionSteps: 0,
    orders: [],
    conditionalOrders: [],
    tickSize: 0.1,
    stepSize: 0.01,
    ...state,
  };
  return market as Market;
}

function guardOf(limits: Partial<RiskLimits> = {}, options: { equity?: () => number; tradesFromUs?: number } = {}) {
  return createRiskGuard({ limits: { ...DEFAULT_RISK_LIMITS, ...limits }, equity: () => 1_000, ...options });
}

test('counts own open orders of each side, but those that reduce', () => {
  const { check } = guardOf({ maxPosition: 0.3 });
  assert.is(check(ORDER, marketOf()), null);
  assert.is(check(ORDER, marketOf({ orders: [own('buy', 20)] })), null);
  assert.is(check(ORDER, marketOf({ orders: [own('buy', 20), own('buy', 1)] })), 'position');
  assert.is(check(ORDER, marketOf({ orders: [own('buy', 20), own('buy', 50, true), own('sell', 90)] })), null);
  assert.is(check({ ...ORDER, side: 'sell' }, marketOf({ orders: [own('sell', 21)] })), 'position');
});

test('a changed order is judged as a new one in its place: its price and whole quantity, and what would be left of it', () => {
  const { check } = guardOf({ maxOrderNotional: 10.1, maxPosition: 0.3 });
  // 4 of 10 are filled: with 6 left of it and 16 of another the position would be 26 steps, so 0.26.
  const changed = ownOf({ orderId: 1, qtySteps: 10, mostSteps: 10, leftSteps: 6 });
  const market = marketOf({ positionSteps: 4, orders: [changed, own('buy', 16)] });
  const to = (qtySteps: number, priceTicks = 100) => check({ ...ORDER, orderId: 1, qtySteps, priceTicks }, market);
  assert.is(to(14), null);
  assert.is(to(15), 'position');
  assert.is(to(10, 1_011), 'order-notional', 'at 101.1 each 10 steps are 10.11');
});

test('an order of which a change is on its way counts with the larger of both quantities', () => {
  const { check } = guardOf({ maxPosition: 0.3 });
  const changing = (mostSteps: number) => ownOf({ qtySteps: 10, leftSteps: 6, mostSteps });
  assert.is(check(ORDER, marketOf({ positionSteps: 4, orders: [changing(20)] })), null);
  assert.is(check(ORDER, marketOf({ positionSteps: 4, orders: [changing(21)] })), 'position');
  assert.is(check({ ...ORDER, side: 'sell' }, marketOf({ positionSteps: 4, orders: [changing(90)] })), null);
});

test('a conditional order that waits counts as one that is open, but where it reduces', () => {
  const { check } = guardOf({ maxPosition: 0.3 });
  const waiting = (qtySteps: number, isReduceOnly: boolean) =>
    ({ orderId: 8, side: 'buy', qtySteps, isReduceOnly, state: 'open' }) as OwnConditionalOrder;
  assert.is(check(ORDER, marketOf({ conditionalOrders: [waiting(20, false)] })), null);
  assert.is(check(ORDER, marketOf({ conditionalOrders: [waiting(21, false)] })), 'position');
  assert.is(check(ORDER, marketOf({ conditionalOrders: [waiting(90, true)] })), null);
});

test('the day’s loss counts from the day’s beginning, whenever the first order comes', () => {
  let equity = 1_000;
  const { note, check } = guardOf({ maxDailyLoss: 50 }, { equity: () => equity });
  note(1_000_000);
  equity = 940;
  assert.is(check(ORDER, marketOf()), 'daily-loss');
});

test('before it trades, and while it is halted, nothing passes', () => {
  const guard = guardOf({}, { tradesFromUs: 10_000_001 });
  assert.is(guard.check(ORDER, marketOf()), 'warm-up');
  assert.is(guard.check(ORDER, marketOf({ timeUs: 10_000_001 })), null);
  guard.setHalted(true);
  assert.is(guard.isHalted, true);
  assert.is(guard.check({ ...ORDER, isReduceOnly: true }, marketOf({ timeUs: 10_000_001 })), 'halted');
  guard.setHalted(false);
  assert.is(guard.check(ORDER, marketOf({ timeUs: 10_000_001 })), null);
});

test('the day’s loss is told by the equity, and the rate by what passed', () => {
  let equity = 1_000;
  const { check } = guardOf({ maxDailyLoss: 50, maxOrdersPer10s: 2 }, { equity: () => equity });
  assert.is(check(ORDER, marketOf()), null);
  equity = 950;
  assert.is(check(ORDER, marketOf()), 'daily-loss');
  assert.is(check({ ...ORDER, isReduceOnly: true }, marketOf()), null);
  assert.is(check({ ...ORDER, isReduceOnly: true }, marketOf()), 'order-rate', 'what was stopped does not count');
});

test.run();
