import type { FundingSettled } from './account-event.ts';
import { type AccountState, indexOfInstrument, type Position } from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { checkPositive, checkWhole } from './event-check.ts';
import { type InstrumentTerms, valueAtE8 } from './instrument-terms.ts';
import { E8, exactAmount, multiplyDivide } from './money.ts';

/**
 * What a position receives at a settlement, in 1e-8 of the quote asset: −(signed value at the mark price) × rate, so that
 * longs pay where the rate is positive. Negative is paid.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Get-Funding-Rate-History
 */
export function fundingE8(its: InstrumentTerms, steps: number, markPriceE8: number, rateE8: number): number {
  return 0 - multiplyDivide(valueAtE8(its, steps, markPriceE8), rateE8, E8);
}

/** Funding of an instrument's positions; on isolated margin it is paid out of what is put aside for them. */
export function applyFunding(terms: AccountTerms, state: AccountState, event: FundingSettled): void {
  const { markPriceE8, rateE8 } = event;
  const index = indexOfInstrument('fundingSettled', terms, state, event.instrument);
  checkPositive('fundingSettled/markPriceE8', markPriceE8);
  checkWhole('fundingSettled/rateE8', rateE8);
  const its = terms.instruments[index]!;
  const book = state.books[index]!;
  const isIsolated = book.marginType === 'isolated';
  const amountOf = ({ steps }: Position) => (steps === 0 ? 0 : fundingE8(its, steps, markPriceE8, rateE8));
  const [both, long, short] = [amountOf(book.both), amountOf(book.long), amountOf(book.short)];
  const sumE8 = both + long + short;
  const walletE8 = exactAmount('walletE8', state.walletE8 + sumE8);
  state.fundingE8 = exactAmount('fundingE8', state.fundingE8 + sumE8);
  state.walletE8 = walletE8;
  book.fundingE8 += sumE8;
  if (!isIsolated) return;
  book.both.isolatedWalletE8 += both;
  book.long.isolatedWalletE8 += long;
  book.short.isolatedWalletE8 += short;
  state.isolatedE8 += sumE8;
}
