import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { feeE8, feeRateE8, USDT_FEES } from '../../../operators/account/fees.ts';
import { createTerms, deposit, e8, fill, refusedBy, run } from './account-events.ts';

const test = suite('operators/account/fees');

test('a tier has its rates, a tenth less where they are paid in BNB', () => {
  assert.is(feeRateE8(USDT_FEES, 0, true, false), 20_000);
  assert.is(feeRateE8(USDT_FEES, 0, false, false), 50_000);
  assert.is(feeRateE8(USDT_FEES, 0, false, true), 45_000);
  assert.is(feeRateE8(USDT_FEES, 9, true, true), 0);
  assert.is(feeRateE8(USDT_FEES, 9, false, true), 15_300);
  assert.is(USDT_FEES.tiers.length, 10);
});

test('a rebate is a negative rate, and no discount is taken off it', () => {
  const fees = { tiers: [{ makerRate: -0.0001, takerRate: 0.0005 }], bnbDiscount: 0.1 };
  assert.is(feeRateE8(fees, 0, true, true), -10_000);
  const state = run([deposit(100), fill(0.1, 10_000, { isMaker: true, feeE8: null })], createTerms({ fees }));
  assert.is(state.walletE8, e8(100.1));
  assert.is(state.feesE8, e8(-0.1));
});

test('a fee is rounded to the last unit, half away from zero', () => {
  assert.is(feeE8(1_000, 50_000), 1, '0.5 units');
  assert.is(feeE8(999, 50_000), 0, '0.4995 units');
  assert.is(feeE8(1_000, -50_000), -1);
  assert.is(feeE8(123_456_789_012, 32_000), 39_506_172, '39 506 172.48 units');
});

test('a fill pays by its side of the trade and the tier', () => {
  const both = [fill(1, 60_000, { isMaker: true, feeE8: null }), fill(-1, 60_000, { feeE8: null })];
  assert.is(run([deposit(100), ...both]).feesE8, e8(12 + 30));
  const tier = { type: 'feeTierSet', timeMs: 1, tier: 3, hasBnbDiscount: true } as const;
  assert.is(run([deposit(100), tier, ...both]).feesE8, e8((7.2 + 19.2) * 0.9));
});

test('a fee that the venue said is taken as it is', () => {
  const state = run([deposit(100), fill(1, 60_000, { feeE8: 123 })]);
  assert.is(state.feesE8, 123);
  assert.is(state.walletE8, e8(100) - 123);
});

test('a tier that is not in the schedule is refused', () => {
  for (const tier of [-1, 10, 1.5]) {
    const event = { type: 'feeTierSet', timeMs: 1, tier, hasBnbDiscount: false } as const;
    assert.match(
      refusedBy(run([]), event).message,
      `feeTierSet/tier: expected a whole number from 0 to 9, found ${tier}`,
    );
  }
});

test.run();
