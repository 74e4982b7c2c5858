import type { AccountState, InstrumentBook, Position } from './account-state.ts';
import { type InstrumentTerms, valueAtE8 } from './instrument-terms.ts';

/** Unrealised profit of one position at the mark price, in 1e-8 of the quote asset; exact. */
export function unrealisedE8(position: Position): number {
  return position.valueE8 - position.costE8;
}

/** Unrealised profit of an instrument, both sides together. */
export function unrealisedOfBookE8({ both, long, short }: InstrumentBook): number {
  return both.valueE8 - both.costE8 + (long.valueE8 - long.costE8) + (short.valueE8 - short.costE8);
}

/** What the account would have if it closed all at the mark prices, without fees: wallet + unrealised profit. */
export function equityE8(state: AccountState): number {
  const { books } = state;
  let sum = state.walletE8;
  for (let n = 0; n < books.length; n++) sum += unrealisedOfBookE8(books[n]!);
  return sum;
}

/** Cash that is not put aside for isolated positions. Negative where more was lost than was there. */
export function crossWalletE8(state: AccountState): number {
  return state.walletE8 - state.isolatedE8;
}

/** Unrealised profit of the positions on cross margin. */
export function crossUnrealisedE8(state: AccountState): number {
  const { books } = state;
  let sum = 0;
  for (let n = 0; n < books.length; n++) if (books[n]!.marginType === 'cross') sum += unrealisedOfBookE8(books[n]!);
  return sum;
}

/** Average entry price of a position in the quote asset, the nearest double, for the edge; null where it is flat. */
export function entryPrice(terms: InstrumentTerms, position: Position): number | null {
  if (position.steps === 0) return null;
  return (position.costE8 / 1e8 / position.steps / terms.stepUnits) * terms.stepDivisor;
}

/** Values an instrument's positions anew. @throws RangeError, before it changes anything, where one grows too large */
export function mark(terms: InstrumentTerms, book: InstrumentBook, priceE8: number): void {
  const { both, long, short } = book;
  const bothE8 = both.steps === 0 ? 0 : valueAtE8(terms, both.steps, priceE8);
  const longE8 = long.steps === 0 ? 0 : valueAtE8(terms, long.steps, priceE8);
  const shortE8 = short.steps === 0 ? 0 : valueAtE8(terms, short.steps, priceE8);
  book.markPriceE8 = priceE8;
  both.valueE8 = bothE8;
  long.valueE8 = longE8;
  short.valueE8 = shortE8;
}
