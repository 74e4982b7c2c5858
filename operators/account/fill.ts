import type { Fill } from './account-event.ts';
import { AccountRefusal } from './account-refusal.ts';
import { type AccountState, indexOfInstrument, positionOf } from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { checkPositionSide, checkPriceAndQty, checkWhole, checkWord } from './event-check.ts';
import { feeE8 } from './fees.ts';
import { moneyOfE8, priceOfE8, valueAtE8 } from './instrument-terms.ts';
import { divideRounded, exactAmount, multiplyDivide } from './money.ts';
import { changeOpen, checkOpen } from './open-orders.ts';
import { mark } from './valuation.ts';

/** The part of an amount that belongs to some of a position's steps. */
export function partOf(amountE8: number, steps: number, ofSteps: number): number {
  return steps === ofSteps ? amountE8 : multiplyDivide(amountE8, steps, ofSteps);
}

/**
 * Trades on an account. What reduces a position realises `−(signed notional) − cost of what is closed`; what is left over
 * opens the other way (one-way mode only). A fill is a fact, so that it is taken whether or not its margin is there.
 *
 * On isolated margin, opening puts notional ÷ leverage aside, and closing lets go of the closed part of what is put aside;
 * fees and realised profit go to the cross balance.
 */
export function applyFill(terms: AccountTerms, state: AccountState, event: Fill): void {
  const { priceTicks, qtySteps, side, openedAtTicks } = event;
  const index = indexOfInstrument('fill', terms, state, event.instrument);
  const book = state.books[index]!;
  const its = terms.instruments[index]!;
  checkPositionSide('fill', state.positionMode, event.positionSide);
  checkPriceAndQty('fill', priceTicks, qtySteps);
  if (side !== 'buy' && side !== 'sell') checkWord('fill/side', ['buy', 'sell'], side);
  if (event.feeE8 !== null) checkWhole('fill/feeE8', event.feeE8);
  const position = positionOf(book, event.positionSide);
  if (openedAtTicks !== null) checkOpen('fill', position, side, openedAtTicks, qtySteps, event.isReduceOnly);

  const direction = side === 'buy' ? 1 : -1;
  const held = Math.abs(position.steps);
  const closing = position.steps * direction < 0 ? Math.min(qtySteps, held) : 0;
  if (closing < qtySteps) checkMayOpen(event, closing);
  const isIsolated = book.marginType === 'isolated';

  const notionalE8 = moneyOfE8(its, priceTicks * qtySteps);
  const paidE8 = event.feeE8 ?? feeE8(notionalE8, event.isMaker ? state.makerRateE8 : state.takerRateE8);
  let closedCostE8 = 0;
  let closedNotionalE8 = 0;
  let realisedE8 = 0;
  let releasedE8 = 0;
  if (closing > 0) {
    closedCostE8 = partOf(position.costE8, closing, held);
    closedNotionalE8 = closing === qtySteps ? notionalE8 : moneyOfE8(its, priceTicks * closing);
    realisedE8 = 0 - direction * closedNotionalE8 - closedCostE8;
    if (isIsolated) releasedE8 = partOf(position.isolatedWalletE8, closing, held);
  }
  const openedNotionalE8 = notionalE8 - closedNotionalE8;
  const postedE8 = isIsolated ? divideRounded(openedNotionalE8, book.leverage) : 0;
  const steps = position.steps + direction * qtySteps;
  const costE8 = position.costE8 - closedCostE8 + direction * openedNotionalE8;
  const priceE8 = book.isMarked ? book.markPriceE8 : priceOfE8(its, priceTicks);
  exactAmount('steps', steps * its.stepUnits);
  exactAmount('costE8', costE8);
  const valueE8 = valueAtE8(its, steps, priceE8);
  const walletE8 = exactAmount('walletE8', state.walletE8 + realisedE8 - paidE8);
  const realisedSumE8 = exactAmount('realisedE8', state.realisedE8 + realisedE8);
  const feesSumE8 = exactAmount('feesE8', state.feesE8 + paidE8);

  // From here on nothing is refused.
  state.walletE8 = walletE8;
  state.realisedE8 = realisedSumE8;
  state.feesE8 = feesSumE8;
  state.isolatedE8 += postedE8 - releasedE8;
  book.realisedE8 += realisedE8;
  book.feesE8 += paidE8;
  position.steps = steps;
  position.costE8 = costE8;
  position.valueE8 = valueE8;
  position.isolatedWalletE8 += postedE8 - releasedE8;
  if (openedAtTicks !== null) changeOpen(position, side, openedAtTicks, -qtySteps, event.isReduceOnly);
  if (!book.isMarked) mark(its, book, priceE8);
}

/** @throws AccountRefusal −2022 where the part that is not closing has no right to open */
function checkMayOpen(event: Fill, closing: number): void {
  const { positionSide, side, qtySteps, isReduceOnly } = event;
  const isClosingSide = positionSide === 'LONG' ? side === 'sell' : positionSide === 'SHORT' && side === 'buy';
  if (isReduceOnly || isClosingSide)
    throw new AccountRefusal(
      'fill/qtySteps',
      `at most the ${closing} that can be closed`,
      qtySteps,
      'REDUCE_ONLY_REJECT',
    );
}
