import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crossWalletE8 } from '../../../operators/account/valuation.ts';
import {
  deposit,
  ETH,
  e8,
  fill,
  funding,
  marginType,
  positionIn,
  positionMode,
  refusedBy,
  run,
} from './account-events.ts';

const test = suite('operators/account/funding');

test('longs pay shorts where the rate is positive, and the other way where it is negative', () => {
  const paid = (qty: number, rate: number) => run([deposit(1_000), fill(qty, 50_000), funding(rate, 60_000)]).fundingE8;
  assert.is(paid(2, 0.0001), e8(-12));
  assert.is(paid(-2, 0.0001), e8(12));
  assert.is(paid(2, -0.0001), e8(12));
  assert.is(paid(-2, -0.0001), e8(-12));
  assert.is(paid(2, 0), 0);
});

test('only a position that is open at the settlement pays, by the mark price and not by its entry', () => {
  const flat = run([deposit(1_000), fill(1, 60_000), fill(-1, 60_000), funding(0.0001, 60_000)]);
  assert.is(flat.fundingE8, 0);
  const later = run([deposit(1_000), funding(0.0001, 60_000), fill(1, 60_000)]);
  assert.is(later.fundingE8, 0);
  const other = run([deposit(1_000), fill(1, 3_000, { instrument: ETH }), funding(0.0001, 60_000)]);
  assert.is(other.fundingE8, 0);
  const held = run([deposit(1_000), fill(1, 60_000), funding(0.0001, 61_000)]);
  assert.is(held.walletE8, e8(1_000 - 6.1));
});

test('an amount is rounded to the last unit', () => {
  const state = run([fill(0.001, 60_000), funding(0.00012345, 60_000.12345678)]);
  assert.is(state.fundingE8, -740_702, 'of 740 701.52: the value is 60.00012346');
});

test('in hedge mode each side settles by itself', () => {
  const sides = [fill(2, 60_000, { positionSide: 'LONG' }), fill(-1, 60_000, { positionSide: 'SHORT' })];
  const state = run([positionMode('hedge'), ...sides, funding(0.0001, 60_000)]);
  assert.is(state.fundingE8, e8(-12 + 6));
});

test('an isolated position pays out of what is put aside for it', () => {
  const state = run([deposit(10_000), marginType('isolated'), fill(1, 60_000), funding(0.001, 60_000)]);
  assert.is(positionIn(state).isolatedWalletE8, e8(3_000 - 60));
  assert.is(state.isolatedE8, e8(2_940));
  assert.is(crossWalletE8(state), e8(7_000));
});

test('what is malformed is refused', () => {
  const state = run([fill(1, 60_000)]);
  assert.is(refusedBy(state, funding(0.0001, 0)).field, 'fundingSettled/markPriceE8');
  assert.is(refusedBy(state, { ...funding(0.0001, 1), rateE8: 0.5 } as never).field, 'fundingSettled/rateE8');
  assert.is(refusedBy(state, funding(0.0001, 1, 'simulated:DOGEUSDT')).code, -1121);
});

test.run();
