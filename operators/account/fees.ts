import { AccountRefusal } from './account-refusal.ts';
import { E8, multiplyDivide } from './money.ts';

/** Maker and taker rate of one tier, as parts of the notional; negative is a rebate. */
export interface FeeTier {
  readonly makerRate: number;
  readonly takerRate: number;
}

/** What trading costs. */
export interface FeeSchedule {
  /** By VIP level, beginning with 0. */
  readonly tiers: readonly FeeTier[];
  /** Part of a fee that is waived where it is paid in BNB. A rebate stays as it is. */
  readonly bnbDiscount: number;
}

/**
 * Binance's rates for USDT-margined contracts, VIP 0 to VIP 9, as of late 2025: they change, and promotions lie below
 * them. Rows are maker and taker.
 * @see https://www.binance.com/en/support/faq/360033544231
 */
export const USDT_FEES: FeeSchedule = {
  tiers: [
    { makerRate: 0.0002, takerRate: 0.0005 },
    { makerRate: 0.00016, takerRate: 0.0004 },
    { makerRate: 0.00014, takerRate: 0.00035 },
    { makerRate: 0.00012, takerRate: 0.00032 },
    { makerRate: 0.0001, takerRate: 0.0003 },
    { makerRate: 0.00008, takerRate: 0.00027 },
    { makerRate: 0.00006, takerRate: 0.00025 },
    { makerRate: 0.00004, takerRate: 0.00022 },
    { makerRate: 0.00002, takerRate: 0.0002 },
    { makerRate: 0, takerRate: 0.00017 },
  ],
  bnbDiscount: 0.1,
};

/**
 * A tier's rate in units of 1e-8, after the discount.
 * @throws AccountRefusal where the schedule has no such tier
 */
export function feeRateE8(schedule: FeeSchedule, tier: number, isMaker: boolean, hasBnbDiscount: boolean): number {
  const row = schedule.tiers[tier];
  if (row === undefined)
    throw new AccountRefusal('feeTierSet/tier', `a whole number from 0 to ${schedule.tiers.length - 1}`, tier);
  const rateE8 = Math.round((isMaker ? row.makerRate : row.takerRate) * E8) + 0;
  return hasBnbDiscount && rateE8 > 0 ? Math.round(rateE8 * (1 - schedule.bnbDiscount)) : rateE8;
}

/** Fee of one fill: notional × rate, rounded to 1e-8; negative is a rebate. */
export function feeE8(notionalE8: number, rateE8: number): number {
  return multiplyDivide(notionalE8, rateE8, E8);
}
