import type { OrderSide, PositionSide } from './account-event.ts';
import { AccountRefusal, type Refusal, refusal } from './account-refusal.ts';
import {
  type AccountState,
  type InstrumentBook,
  indexOfInstrument,
  type Position,
  positionOf,
} from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { notionalCapE8 } from './brackets.ts';
import { checkPositionSide, checkPriceAndQty, checkWord } from './event-check.ts';
import { type InstrumentTerms, moneyOfE8, valueAtE8 } from './instrument-terms.ts';
import { exposureE8, freeMarginE8, heldMarginE8, longExposureE8, marginForE8, shortExposureE8 } from './margin.ts';
import { fromE8 } from './money.ts';

/** What an order is, as far as its margin goes. */
export interface OrderTerms {
  readonly instrument: string;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  /** Limit price; of a market order the price to assume, as the best one on the other side and some slippage. */
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly isReduceOnly: boolean;
}

/** How many steps of a position an order of this side can close. */
export function reducibleSteps(position: Position, side: OrderSide): number {
  return Math.max(0, side === 'buy' ? 0 - position.steps : position.steps);
}

/**
 * Margin that an order needs beyond what is held already, in 1e-8 of the quote asset: what the instrument's exposure grows
 * by ÷ leverage, and the loss that a fill would open with at the mark price. 0 where it only reduces, or is reduce-only.
 * @see https://www.binance.com/en/support/faq/87fa7ee33b574f7084d42bd2ce2e463b
 */
export function initialMarginOf(terms: AccountTerms, state: AccountState, order: OrderTerms): number {
  const index = indexOfInstrument('order', terms, state, order.instrument);
  return marginOf(terms.instruments[index]!, state.books[index]!, order);
}

function marginOf(its: InstrumentTerms, book: InstrumentBook, order: OrderTerms): number {
  if (order.isReduceOnly) return 0;
  const notionalE8 = moneyOfE8(its, order.priceTicks * order.qtySteps);
  const exposed = exposedWith(its, book, order, notionalE8);
  const more = marginForE8(book, exposed, book.leverage) - heldMarginE8(its, book);
  if (more <= 0) return 0;
  if (book.markPriceE8 === 0) return more;
  const markedE8 = valueAtE8(its, order.qtySteps, book.markPriceE8);
  return more + Math.max(0, order.side === 'buy' ? notionalE8 - markedE8 : markedE8 - notionalE8);
}

/** The instrument's exposure with one order more. */
function exposedWith(its: InstrumentTerms, book: InstrumentBook, order: OrderTerms, notionalE8: number): number {
  const { positionSide, side } = order;
  const isBuy = side === 'buy';
  if (positionSide === 'BOTH') return exposureE8(its, book, isBuy ? notionalE8 : 0, isBuy ? 0 : notionalE8);
  const isOpening = isBuy === (positionSide === 'LONG');
  return exposureE8(its, book) + (isOpening ? notionalE8 : 0);
}

/**
 * Why an account may not place an order, or null: whether its side is of the position mode (−4061), it has something to
 * reduce (−2022), stays below the notional that the leverage allows (−2027), and its margin is there (−2019). The filters
 * of the instrument are not the account's.
 */
export function canPlace(terms: AccountTerms, state: AccountState, order: OrderTerms): Refusal | null {
  try {
    return refusalOf(terms, state, order);
  } catch (error) {
    if (error instanceof AccountRefusal) return error;
    // More than can be reckoned exactly is more than any account here may hold.
    if (error instanceof RangeError)
      return refusal('order/qtySteps', 'a notional of at most 90071992', order.qtySteps, 'MAX_LEVERAGE_RATIO');
    throw error;
  }
}

/** Refusals that a sound strategy meets are values, as errors cost a stack each; what is malformed is thrown. */
function refusalOf(terms: AccountTerms, state: AccountState, order: OrderTerms): Refusal | null {
  const { side, positionSide, priceTicks, qtySteps, isReduceOnly } = order;
  const index = indexOfInstrument('order', terms, state, order.instrument);
  const its = terms.instruments[index]!;
  const book = state.books[index]!;
  checkPositionSide('order', state.positionMode, positionSide);
  checkPriceAndQty('order', priceTicks, qtySteps);
  if (side !== 'buy') checkWord('order/side', ['sell'], side);
  const reducible = reducibleSteps(positionOf(book, positionSide), side);
  const isHedgeClose = positionSide === 'LONG' ? side === 'sell' : positionSide === 'SHORT' && side === 'buy';
  if (isHedgeClose && qtySteps > reducible)
    return refusal('order/qtySteps', `at most ${reducible}`, qtySteps, 'REDUCE_ONLY_REJECT');
  if (isReduceOnly && reducible === 0)
    return refusal('order/isReduceOnly', 'a position to reduce', 'none', 'REDUCE_ONLY_REJECT');
  if (isReduceOnly || isHedgeClose) return null;

  const notionalE8 = moneyOfE8(its, priceTicks * qtySteps);
  const capE8 = notionalCapE8(its.brackets, book.leverage);
  const sideE8 = exposureOfSide(its, book, positionSide);
  const grownE8 = positionSide === 'BOTH' ? exposedWith(its, book, order, notionalE8) : sideE8 + notionalE8;
  if (grownE8 > capE8 && grownE8 > sideE8) {
    const most = `a notional of at most ${fromE8(capE8)} at ${book.leverage}×`;
    return refusal('order/qtySteps', most, fromE8(grownE8), 'MAX_LEVERAGE_RATIO');
  }
  const neededE8 = marginOf(its, book, order);
  if (neededE8 === 0) return null;
  const freeE8 = freeMarginE8(terms, state);
  if (neededE8 <= freeE8) return null;
  const most = `a margin of at most ${fromE8(Math.max(0, freeE8))}`;
  return refusal('order/qtySteps', most, fromE8(neededE8), 'MARGIN_NOT_SUFFICIENT');
}

function exposureOfSide(its: InstrumentTerms, book: InstrumentBook, positionSide: PositionSide): number {
  if (positionSide === 'BOTH') return exposureE8(its, book);
  return positionSide === 'LONG' ? longExposureE8(its, book.long) : shortExposureE8(its, book.short);
}
