import { AccountRefusal } from './account-refusal.ts';
import { type FeeSchedule, feeRateE8, USDT_FEES } from './fees.ts';
import type { InstrumentTerms } from './instrument-terms.ts';

/** At which price a position is taken by the liquidation engine. */
export type LiquidationPriceModel = 'mark' | 'bankruptcy';

/** What is agreed about an account: constant, and no part of its state. */
export interface AccountTerms {
  readonly instruments: readonly InstrumentTerms[];
  /** Place of an instrument in `instruments`, and of its book in the state. */
  readonly indexOf: ReadonlyMap<string, number>;
  readonly fees: FeeSchedule;
  /** Rates of VIP 0 without discount, which an account begins with. */
  readonly makerRateE8: number;
  readonly takerRateE8: number;
  readonly liquidationAt: LiquidationPriceModel;
}

export interface AccountTermsOptions {
  /** All in one quote asset, which is also the margin asset. */
  readonly instruments: readonly InstrumentTerms[];
  /** Binance's for USDT, where not said. */
  readonly fees?: FeeSchedule;
  /** `mark`, where not said. */
  readonly liquidationAt?: LiquidationPriceModel;
}

/** @throws AccountRefusal where an instrument is there twice */
export function createAccountTerms(options: AccountTermsOptions): AccountTerms {
  const { instruments, fees = USDT_FEES, liquidationAt = 'mark' } = options;
  const indexOf = new Map<string, number>();
  for (const [index, { instrument }] of instruments.entries()) {
    if (indexOf.has(instrument)) throw new AccountRefusal('terms/instruments', 'each instrument once', instrument);
    indexOf.set(instrument, index);
  }
  return {
    instruments,
    indexOf,
    fees,
    makerRateE8: feeRateE8(fees, 0, true, false),
    takerRateE8: feeRateE8(fees, 0, false, false),
    liquidationAt,
  };
}
