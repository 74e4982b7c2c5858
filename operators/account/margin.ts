import type { AccountState, InstrumentBook, Position } from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { maintenanceE8 } from './brackets.ts';
import { type InstrumentTerms, moneyOfE8 } from './instrument-terms.ts';
import { divideRounded } from './money.ts';
import { crossUnrealisedE8, crossWalletE8 } from './valuation.ts';

/**
 * The notional that an instrument's margin is reckoned by, when the open orders are filled on their worse side:
 * max(|position + bids|, |position − asks|) in one-way mode; in hedge mode both positions with the orders that open them.
 * Positions at the mark price, orders at their own.
 *
 * @param addedBidE8 an order more, to buy for so much
 * @param addedAskE8 an order more, to sell for so much
 */
export function exposureE8(
  its: InstrumentTerms,
  { both, long, short }: InstrumentBook,
  addedBidE8 = 0,
  addedAskE8 = 0,
): number {
  const bought = Math.abs(both.valueE8 + moneyOfE8(its, both.bidTickSteps) + addedBidE8);
  const sold = Math.abs(both.valueE8 - moneyOfE8(its, both.askTickSteps) - addedAskE8);
  return Math.max(bought, sold) + longExposureE8(its, long) + shortExposureE8(its, short);
}

/** Of a LONG position and the orders that add to it, in hedge mode. */
export function longExposureE8(its: InstrumentTerms, long: Position): number {
  return long.valueE8 + moneyOfE8(its, long.bidTickSteps);
}

/** Of a SHORT position and the orders that add to it, in hedge mode. */
export function shortExposureE8(its: InstrumentTerms, short: Position): number {
  return moneyOfE8(its, short.askTickSteps) - short.valueE8;
}

/** Notional of an instrument's positions at the mark price, both sides together. */
export function positionNotionalE8({ both, long, short }: InstrumentBook): number {
  return Math.abs(both.valueE8) + long.valueE8 - short.valueE8;
}

/**
 * Initial margin that an instrument holds of the cross balance: exposure ÷ leverage; on isolated margin only that of its
 * open orders, as that of the position is put aside already.
 * @see https://www.binance.com/en/support/faq/87fa7ee33b574f7084d42bd2ce2e463b
 */
export function heldMarginE8(its: InstrumentTerms, book: InstrumentBook): number {
  return marginForE8(book, exposureE8(its, book), book.leverage);
}

/** The same for an exposure and a leverage that are not the book's. */
export function marginForE8(book: InstrumentBook, exposed: number, leverage: number): number {
  const initialE8 = divideRounded(exposed, leverage);
  if (book.marginType === 'cross') return initialE8;
  return Math.max(0, initialE8 - divideRounded(positionNotionalE8(book), leverage));
}

/** Cross balance that is there for new orders, below 0 where more is held than there is. Never counted as 0 here. */
export function freeMarginE8(terms: AccountTerms, state: AccountState): number {
  return crossWalletE8(state) + crossUnrealisedE8(state) - allHeldE8(terms, state);
}

/** What Binance shows as available: `freeMarginE8`, or 0 where that is less. */
export function availableE8(terms: AccountTerms, state: AccountState): number {
  return Math.max(0, freeMarginE8(terms, state));
}

/** The most that can be withdrawn: as available, but without unrealised profit. */
export function withdrawableE8(terms: AccountTerms, state: AccountState): number {
  const loss = Math.min(0, crossUnrealisedE8(state));
  return Math.max(0, crossWalletE8(state) + loss - allHeldE8(terms, state));
}

function allHeldE8(terms: AccountTerms, state: AccountState): number {
  let sum = 0;
  for (let n = 0; n < state.books.length; n++) sum += heldMarginE8(terms.instruments[n]!, state.books[n]!);
  return sum;
}

/** Maintenance margin of one position at the mark price. */
export function maintenanceOfE8(its: InstrumentTerms, position: Position): number {
  return maintenanceE8(its.brackets, Math.abs(position.valueE8));
}

/** Maintenance margin of all positions on cross margin; each side of a hedge by itself. */
export function crossMaintenanceE8(terms: AccountTerms, state: AccountState): number {
  let sum = 0;
  for (let n = 0; n < state.books.length; n++) {
    const its = terms.instruments[n]!;
    const { both, long, short, marginType } = state.books[n]!;
    if (marginType === 'cross')
      sum += maintenanceOfE8(its, both) + maintenanceOfE8(its, long) + maintenanceOfE8(its, short);
  }
  return sum;
}

/** Maintenance margin ÷ margin balance of the cross positions; liquidated above 1. 0 without positions, Infinity where the balance is gone. */
export function crossMarginRatio(terms: AccountTerms, state: AccountState): number {
  const maintenance = crossMaintenanceE8(terms, state);
  if (maintenance === 0) return 0;
  const balance = crossWalletE8(state) + crossUnrealisedE8(state);
  return balance <= 0 ? Number.POSITIVE_INFINITY : maintenance / balance;
}
