import type { OrderEnded, OrderOpened, OrderSide } from './account-event.ts';
import { AccountRefusal } from './account-refusal.ts';
import {
  type AccountState,
  type InstrumentBook,
  indexOfInstrument,
  type Position,
  positionOf,
} from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { checkPositionSide, checkPriceAndQty, checkWord } from './event-check.ts';

/** Steps of any order that is open on an instrument. */
export function openOrderSteps({ both, long, short }: InstrumentBook): number {
  return stepsOf(both) + stepsOf(long) + stepsOf(short);
}

function stepsOf({ bidSteps, askSteps, reduceOnlySteps }: Position): number {
  return bidSteps + askSteps + reduceOnlySteps;
}

/** Adds an open order to what its margin is reckoned by, or takes away what was left of it. */
export function applyOpenOrder(terms: AccountTerms, state: AccountState, event: OrderOpened | OrderEnded): void {
  const { type, instrument, side, positionSide, priceTicks, qtySteps, isReduceOnly } = event;
  const book = state.books[indexOfInstrument(type, terms, state, instrument)]!;
  checkPositionSide(type, state.positionMode, positionSide);
  checkPriceAndQty(type, priceTicks, qtySteps);
  checkWord(`${type}/side`, ['buy', 'sell'], side);
  const position = positionOf(book, positionSide);
  if (type === 'orderOpened') changeOpen(position, side, priceTicks, qtySteps, isReduceOnly);
  else {
    checkOpen(type, position, side, priceTicks, qtySteps, isReduceOnly);
    changeOpen(position, side, priceTicks, -qtySteps, isReduceOnly);
  }
}

/** @throws AccountRefusal where so much is not open at such prices */
export function checkOpen(
  at: string,
  position: Position,
  side: OrderSide,
  priceTicks: number,
  qtySteps: number,
  isReduceOnly: boolean,
): void {
  const isBuy = side === 'buy';
  const openSteps = isBuy ? position.bidSteps : position.askSteps;
  const open = isReduceOnly ? position.reduceOnlySteps : openSteps;
  if (qtySteps > open) throw new AccountRefusal(`${at}/qtySteps`, `at most the ${open} that are open`, qtySteps);
  if (isReduceOnly) return;
  const left = (isBuy ? position.bidTickSteps : position.askTickSteps) - priceTicks * qtySteps;
  if (qtySteps === open ? left !== 0 : left <= 0)
    throw new AccountRefusal(`${at}/priceTicks`, 'the price at which the order was opened', priceTicks);
}

/** @param qtySteps negative: so much is open no more */
export function changeOpen(
  position: Position,
  side: OrderSide,
  priceTicks: number,
  qtySteps: number,
  isReduceOnly: boolean,
): void {
  if (isReduceOnly) position.reduceOnlySteps += qtySteps;
  else if (side === 'buy') {
    position.bidSteps += qtySteps;
    position.bidTickSteps += priceTicks * qtySteps;
  } else {
    position.askSteps += qtySteps;
    position.askTickSteps += priceTicks * qtySteps;
  }
}
