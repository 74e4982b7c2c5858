import type { AccountState } from '../../operators/account/account-state.ts';
import { bracketAt } from '../../operators/account/brackets.ts';
import type { InstrumentTerms } from '../../operators/account/instrument-terms.ts';
import { E8 } from '../../operators/account/money.ts';

/** How far the price may be from the mark price that brackets are taken by, as a factor. */
const FACTOR = 2;
/** Doubles are rounded; the account is exact. */
const MARGIN = 1e-9;

/**
 * A price in the quote asset short of which the account's only position, on cross margin in one-way mode, is surely not
 * liquidated: for a long above it, for a short below it. The liquidation price itself lies on its other side, or is it; so
 * that the account need not be asked at every price. NaN without a position.
 */
export function safePrice(its: InstrumentTerms, { walletE8, books }: AccountState): number {
  const { both, markPriceE8 } = books[0]!;
  if (both.steps === 0) return Number.NaN;
  const qty = (both.steps * its.stepUnits) / its.stepDivisor;
  // Collateral at price p is `constant` + qty × p; the maintenance margin is at most |qty| × p × ratio up to FACTOR × mark.
  const constant = (walletE8 - both.costE8) / E8;
  const ratio = bracketAt(its.brackets, FACTOR * Math.abs(both.valueE8)).ratioE8 / E8;
  if (qty > 0) return (-constant / (qty * (1 - ratio))) * (1 + MARGIN);
  return Math.min(constant / (-qty * (1 + ratio)), (FACTOR * markPriceE8) / E8) * (1 - MARGIN);
}
