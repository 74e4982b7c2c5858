import type { IsolatedMarginMoved, LeverageSet, MarginTypeSet, PositionModeSet } from './account-event.ts';
import { AccountRefusal } from './account-refusal.ts';
import { type AccountState, type InstrumentBook, indexOfInstrument, positionOf } from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { notionalCapE8 } from './brackets.ts';
import { checkPositionSide, checkPositive, checkWord } from './event-check.ts';
import { exposureE8, freeMarginE8, heldMarginE8, marginForE8 } from './margin.ts';
import { divideRounded, fromE8 } from './money.ts';
import { openOrderSteps } from './open-orders.ts';
import { unrealisedE8 } from './valuation.ts';

function hasPosition({ both, long, short }: InstrumentBook): boolean {
  return both.steps !== 0 || long.steps !== 0 || short.steps !== 0;
}

/**
 * Leverage of an instrument. On isolated margin an open position keeps what is put aside for it.
 * @throws AccountRefusal −4028, −4161, −2027 (the exposure is beyond the leverage's cap), −2028 (too little margin)
 */
export function applyLeverage(terms: AccountTerms, state: AccountState, event: LeverageSet): void {
  const index = indexOfInstrument('leverageSet', terms, state, event.instrument);
  const book = state.books[index]!;
  const its = terms.instruments[index]!;
  const { leverage } = event;
  const most = its.brackets[0]!.leverageMax;
  const refuse = (expected: string, reason: ConstructorParameters<typeof AccountRefusal>[3]): never => {
    throw new AccountRefusal('leverageSet/leverage', expected, leverage, reason);
  };
  if (!Number.isSafeInteger(leverage) || leverage < 1 || leverage > most)
    refuse(`a whole number from 1 to ${most}`, 'INVALID_LEVERAGE');
  if (book.marginType === 'isolated' && leverage < book.leverage && hasPosition(book))
    refuse(`at least ${book.leverage} while an isolated position is open`, 'ISOLATED_LEVERAGE_REJECT_WITH_POSITION');
  const exposed = exposureE8(its, book);
  const capE8 = notionalCapE8(its.brackets, leverage);
  if (exposed > capE8)
    refuse(`one that allows a notional of ${fromE8(exposed)}, not ${fromE8(capE8)}`, 'MAX_LEVERAGE_RATIO');
  const more = marginForE8(book, exposed, leverage) - heldMarginE8(its, book);
  if (more > 0 && more > freeMarginE8(terms, state))
    refuse(`one whose margin is there: ${fromE8(more)} more`, 'MIN_LEVERAGE_RATIO');
  book.leverage = leverage;
}

/** @throws AccountRefusal −4046, −4047, −4048 */
export function applyMarginType(terms: AccountTerms, state: AccountState, event: MarginTypeSet): void {
  const book = state.books[indexOfInstrument('marginTypeSet', terms, state, event.instrument)]!;
  const field = 'marginTypeSet/marginType';
  checkWord(field, ['cross', 'isolated'], event.marginType);
  if (book.marginType === event.marginType)
    throw new AccountRefusal(field, 'a change', event.marginType, 'NO_NEED_TO_CHANGE_MARGIN_TYPE');
  if (openOrderSteps(book) > 0)
    throw new AccountRefusal(field, 'no open order', openOrderSteps(book), 'THERE_EXISTS_OPEN_ORDERS');
  if (hasPosition(book)) throw new AccountRefusal(field, 'no position', 'a position', 'THERE_EXISTS_QUANTITY');
  book.marginType = event.marginType;
}

/** @throws AccountRefusal −4059, −4067, −4068 */
export function applyPositionMode(state: AccountState, event: PositionModeSet): void {
  const field = 'positionModeSet/positionMode';
  const { positionMode } = event;
  checkWord(field, ['oneWay', 'hedge'], positionMode);
  if (state.positionMode === positionMode)
    throw new AccountRefusal(field, 'a change', positionMode, 'NO_NEED_TO_CHANGE_POSITION_SIDE');
  const ordered = state.books.find((book) => openOrderSteps(book) > 0);
  if (ordered !== undefined)
    throw new AccountRefusal(field, 'no open order', ordered.instrument, 'POSITION_SIDE_CHANGE_EXISTS_OPEN_ORDERS');
  const held = state.books.find(hasPosition);
  if (held !== undefined)
    throw new AccountRefusal(field, 'no position', held.instrument, 'POSITION_SIDE_CHANGE_EXISTS_QUANTITY');
  state.positionMode = positionMode;
}

/**
 * Margin of an isolated position, more or less. What stays must cover the initial margin at the mark price, with a loss
 * counted and a profit not.
 * @throws AccountRefusal −4055, −4049, −4054, −4050 (too little free), −4051 (too little to remove)
 */
export function applyIsolatedMargin(terms: AccountTerms, state: AccountState, event: IsolatedMarginMoved): void {
  const at = 'isolatedMarginMoved';
  const { amountE8, direction, positionSide } = event;
  const book = state.books[indexOfInstrument(at, terms, state, event.instrument)]!;
  checkPositionSide(at, state.positionMode, positionSide);
  checkWord(`${at}/direction`, ['add', 'remove'], direction);
  checkPositive(`${at}/amountE8`, amountE8, 'AMOUNT_MUST_BE_POSITIVE');
  if (book.marginType !== 'isolated')
    throw new AccountRefusal(`${at}/instrument`, 'isolated margin', book.marginType, 'ADD_ISOLATED_MARGIN_REJECT');
  const position = positionOf(book, positionSide);
  if (position.steps === 0)
    throw new AccountRefusal(`${at}/positionSide`, 'a position', 'none', 'ADD_ISOLATED_MARGIN_NO_POSITION_REJECT');
  const refuseMoreThan = (mostE8: number, reason: 'CROSS_BALANCE_INSUFFICIENT' | 'ISOLATED_BALANCE_INSUFFICIENT') => {
    if (amountE8 > mostE8)
      throw new AccountRefusal(`${at}/amountE8`, `at most ${Math.max(0, mostE8)}`, amountE8, reason);
  };
  if (direction === 'add') refuseMoreThan(freeMarginE8(terms, state), 'CROSS_BALANCE_INSUFFICIENT');
  else {
    const initialE8 = divideRounded(Math.abs(position.valueE8), book.leverage);
    const spareE8 = position.isolatedWalletE8 + Math.min(0, unrealisedE8(position)) - initialE8;
    refuseMoreThan(spareE8, 'ISOLATED_BALANCE_INSUFFICIENT');
  }
  const movedE8 = direction === 'add' ? amountE8 : -amountE8;
  position.isolatedWalletE8 += movedE8;
  state.isolatedE8 += movedE8;
}
