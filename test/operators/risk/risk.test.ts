import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRiskState, evolveRisk, noteSent, type RiskView, riskRefusal } from '../../../operators/risk/risk.ts';
import { DEFAULT_RISK_LIMITS, type RiskLimits, riskLimits } from '../../../operators/risk/risk-limits.ts';

/** At 1,000 ticks of 0.1: a price of 100; steps of 0.01. */
const VIEW: RiskView = {
  timeUs: 1_000_000_000_000,
  positionSteps: 0,
  buySteps: 0,
  sellSteps: 0,
  midTicks: 1_000,
  isBookValid: true,
  bookUs: 1_000_000_000_000,
  areFeaturesValid: true,
  equity: 1_000,
  tickSize: 0.1,
  stepSize: 0.01,
};
const BUY = { side: 'buy', type: 'LIMIT', priceTicks: 1_000, qtySteps: 100, isReduceOnly: false } as const;
const SELL = { ...BUY, side: 'sell' } as const;

function refusal(limits: Partial<RiskLimits>, order: Parameters<typeof riskRefusal>[2], view: Partial<RiskView> = {}) {
  return riskRefusal({ ...DEFAULT_RISK_LIMITS, ...limits }, createRiskState(), order, { ...VIEW, ...view });
}

test('a position counts with every open order of its side, and only in its own direction', () => {
  assert.is(refusal({ maxPosition: 1 }, BUY), null);
  assert.is(refusal({ maxPosition: 0.99 }, BUY), 'position');
  assert.is(refusal({ maxPosition: 2 }, BUY, { positionSteps: 50, buySteps: 50 }), null);
  assert.is(refusal({ maxPosition: 2 }, BUY, { positionSteps: 50, buySteps: 51 }), 'position');
  assert.is(refusal({ maxPosition: 2 }, SELL, { positionSteps: 50, buySteps: 51 }), null, 'the other side');
  assert.is(refusal({ maxPosition: 2 }, SELL, { positionSteps: -50, sellSteps: 51 }), 'position');
  assert.is(refusal({ maxPosition: 1 }, SELL, { positionSteps: 500 }), null, 'smaller, though it is too large');
});

test('notional: of the order at its own price, of the position at the midprice', () => {
  assert.is(refusal({ maxOrderNotional: 100 }, BUY), null);
  assert.is(refusal({ maxOrderNotional: 100 }, { ...BUY, priceTicks: 1_001 }), 'order-notional');
  const market = { ...BUY, type: 'MARKET', priceTicks: Number.NaN } as const;
  assert.is(refusal({ maxOrderNotional: 100 }, market), null);
  assert.is(refusal({ maxOrderNotional: 99 }, market), 'order-notional');
  assert.is(refusal({ maxNotional: 200 }, BUY, { positionSteps: 100 }), null);
  assert.is(refusal({ maxNotional: 199 }, BUY, { positionSteps: 100 }), 'notional');
});

test('a price that is worse than the midprice by more than the band is stopped, a better one is not', () => {
  const at = (side: 'buy' | 'sell', priceTicks: number) => refusal({ priceBand: 0.01 }, { ...BUY, side, priceTicks });
  assert.equal([at('buy', 1_010), at('buy', 1_011), at('buy', 500)], [null, 'price-band', null]);
  assert.equal([at('sell', 990), at('sell', 989), at('sell', 2_000)], [null, 'price-band', null]);
});

test('nothing is sent on a book that is invalid, empty or old, or on features that have no value', () => {
  assert.is(refusal({}, BUY, { isBookValid: false }), 'invalid-book');
  assert.is(refusal({}, BUY, { midTicks: Number.NaN }), 'invalid-book');
  assert.is(refusal({ maxBookAgeMs: 500 }, BUY, { bookUs: VIEW.timeUs - 500_000 }), null);
  assert.is(refusal({ maxBookAgeMs: 500 }, BUY, { bookUs: VIEW.timeUs - 500_001 }), 'stale-book');
  assert.is(refusal({}, BUY, { areFeaturesValid: false }), 'invalid-features');
});

test('reduce-only passes where others do not, but for the rate', () => {
  const order = { ...SELL, isReduceOnly: true };
  assert.is(refusal({ maxPosition: 0, maxOrderNotional: 0 }, order, { isBookValid: false, positionSteps: 100 }), null);
  assert.is(refusal({ maxOrdersPer10s: 0 }, order), 'order-rate');
});

test('orders in ten seconds are counted, and forgotten after them', () => {
  const limits = { ...DEFAULT_RISK_LIMITS, maxOrdersPer10s: 3 };
  const state = createRiskState();
  const at = (timeUs: number) => {
    const found = riskRefusal(limits, state, BUY, { ...VIEW, timeUs, bookUs: timeUs });
    if (found === null) noteSent(state, timeUs);
    return found;
  };
  assert.equal([at(0), at(1), at(2), at(3), at(9_999_999)], [null, null, null, 'order-rate', 'order-rate']);
  assert.equal([at(10_000_000), at(10_000_000), at(10_000_001)], [null, 'order-rate', null]);
  assert.is(state.sentUs.length, 3);
});

test('a day’s loss stops all that adds to the position until the day is over, though the price comes back', () => {
  const limits = { ...DEFAULT_RISK_LIMITS, maxDailyLoss: 100 };
  const state = createRiskState();
  const day = 86_400_000_000;
  const look = (timeUs: number, equity: number, order = BUY as typeof BUY | typeof SELL) => {
    evolveRisk(limits, state, { timeUs, equity });
    return riskRefusal(limits, state, order, { ...VIEW, timeUs, bookUs: timeUs, equity });
  };
  assert.equal([look(day, 1_000), look(day + 1, 901), look(day + 2, 900)], [null, null, 'daily-loss']);
  assert.is(look(day + 3, 1_200), 'daily-loss', 'the same day');
  assert.equal([look(2 * day, 950), look(2 * day + 1, 851), look(2 * day + 2, 850)], [null, null, 'daily-loss']);
});

test('what is no number, or below zero, is stopped', () => {
  for (const [order, view] of [
    [{ ...BUY, qtySteps: Number.NaN }, {}],
    [{ ...BUY, priceTicks: Number.NaN }, {}],
    [{ ...BUY, qtySteps: -5 }, {}],
    [BUY, { tickSize: Number.NaN }],
    [BUY, { stepSize: Number.NaN }],
  ] as const)
    assert.is.not(refusal({}, order, view), null, JSON.stringify([order, view]));
});

test('limits that cannot be are named', () => {
  assert.equal(riskLimits({}), DEFAULT_RISK_LIMITS);
  assert.is(riskLimits({ maxPosition: 2 }).maxPosition, 2);
  assert.throws(() => riskLimits({ maxPosition: -1 }), /^risk\/maxPosition: expected a number from 0, found -1$/);
  assert.throws(() => riskLimits({ priceBand: Number.NaN }), /risk\/priceBand: expected a number from 0, found NaN/);
  assert.throws(
    () => riskLimits({ maxOrdersPer10s: 1.5 }),
    /risk\/maxOrdersPer10s: expected a whole number, found 1.5/,
  );
  assert.throws(() => riskLimits({ maxPos: 1 } as never), /risk\/maxPos: expected one of maxPosition, maxNotional,/);
});

test.run();
