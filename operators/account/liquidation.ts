import type { Liquidation, PositionMode, PositionSide } from './account-event.ts';
import { AccountRefusal } from './account-refusal.ts';
import { type AccountState, indexOfInstrument, type Position, positionOf } from './account-state.ts';
import type { AccountTerms } from './account-terms.ts';
import { checkPositionSide, checkPositive } from './event-check.ts';
import { partOf } from './fill.ts';
import { valueAtE8 } from './instrument-terms.ts';
import { maintenanceOfE8 } from './margin.ts';
import { E8, exactAmount, multiplyDivide } from './money.ts';
import { crossUnrealisedE8, crossWalletE8, unrealisedE8 } from './valuation.ts';

const SIDES: Readonly<Record<PositionMode, readonly PositionSide[]>> = { oneWay: ['BOTH'], hedge: ['LONG', 'SHORT'] };

/**
 * The liquidation that is due at the mark prices, or null: an event to be written, and then applied. Ask again until it
 * is null, as each takes one position.
 *
 * An isolated position is due where what is put aside for it + its unrealised profit < its maintenance margin. The cross
 * positions are due where the cross balance + their unrealised profit < the sum of their maintenance margins; the one with
 * the largest is taken first. It is taken whole, at the mark price or at the bankruptcy price, as the terms say.
 */
export function nextLiquidation(terms: AccountTerms, state: AccountState, timeMs: number): Liquidation | null {
  let balanceE8 = crossWalletE8(state);
  let maintenanceE8 = 0;
  let largestE8 = -1;
  let bookIndex = -1;
  let bookSide: PositionSide = 'BOTH';
  for (let n = 0; n < state.books.length; n++) {
    const book = state.books[n]!;
    for (const side of SIDES[state.positionMode]) {
      const position = positionOf(book, side);
      if (position.steps === 0) continue;
      const ownE8 = maintenanceOfE8(terms.instruments[n]!, position);
      if (book.marginType === 'isolated') {
        if (position.isolatedWalletE8 + unrealisedE8(position) < ownE8)
          return take(terms, book.instrument, side, position, position.isolatedWalletE8, timeMs);
        continue;
      }
      balanceE8 += unrealisedE8(position);
      maintenanceE8 += ownE8;
      if (ownE8 <= largestE8) continue;
      largestE8 = ownE8;
      bookIndex = n;
      bookSide = side;
    }
  }
  if (bookIndex < 0 || balanceE8 >= maintenanceE8) return null;
  const book = state.books[bookIndex]!;
  const position = positionOf(book, bookSide);
  return take(terms, book.instrument, bookSide, position, balanceE8 - unrealisedE8(position), timeMs);
}

/** @param collateralE8 what may be lost with the position until nothing is left */
function take(
  { liquidationAt }: AccountTerms,
  instrument: string,
  positionSide: PositionSide,
  { steps, costE8, valueE8 }: Position,
  collateralE8: number,
  timeMs: number,
): Liquidation {
  const bankruptE8 = Math.max(0, steps > 0 ? costE8 - collateralE8 : collateralE8 - costE8);
  const notionalE8 = liquidationAt === 'mark' ? Math.abs(valueE8) : bankruptE8;
  return { type: 'liquidation', timeMs, instrument, positionSide, qtySteps: Math.abs(steps), notionalE8 };
}

/**
 * Closes what the liquidation engine took. The clearance fee is at most what is left of the collateral, so that nobody
 * owes it. What is lost beyond the collateral is paid by the insurance fund: at once on isolated margin; on cross margin
 * when the last cross position is gone and the cross balance is below 0.
 */
export function applyLiquidation(terms: AccountTerms, state: AccountState, event: Liquidation): void {
  const { positionSide, qtySteps, notionalE8 } = event;
  const index = indexOfInstrument('liquidation', terms, state, event.instrument);
  const its = terms.instruments[index]!;
  const book = state.books[index]!;
  checkPositionSide('liquidation', state.positionMode, positionSide);
  checkPositive('liquidation/qtySteps', qtySteps);
  if (!Number.isSafeInteger(notionalE8) || notionalE8 < 0)
    throw new AccountRefusal('liquidation/notionalE8', 'a whole number from 0', notionalE8);
  const position = positionOf(book, positionSide);
  const held = Math.abs(position.steps);
  if (qtySteps > held) throw new AccountRefusal('liquidation/qtySteps', `at most the ${held} that are held`, qtySteps);

  const sign = position.steps > 0 ? 1 : -1;
  const closedCostE8 = partOf(position.costE8, qtySteps, held);
  const realisedE8 = sign * notionalE8 - closedCostE8;
  const steps = position.steps - sign * qtySteps;
  const costE8 = position.costE8 - closedCostE8;
  const valueE8 = steps === 0 ? 0 : valueAtE8(its, steps, book.markPriceE8);
  const isIsolated = book.marginType === 'isolated';
  const releasedE8 = isIsolated ? partOf(position.isolatedWalletE8, qtySteps, held) : 0;
  const othersE8 = isIsolated ? 0 : crossUnrealisedE8(state) - unrealisedE8(position) + (valueE8 - costE8);
  const leftE8 = (isIsolated ? releasedE8 : crossWalletE8(state)) + realisedE8;
  const dueE8 = multiplyDivide(notionalE8, its.liquidationFeeRateE8, E8);
  const feeE8 = Math.max(0, Math.min(dueE8, leftE8 + othersE8));
  const isLast = isIsolated || (steps === 0 && crossPositions(state) === 1);
  const insuranceE8 = isLast ? Math.max(0, feeE8 - leftE8) : 0;
  const walletE8 = exactAmount('walletE8', state.walletE8 + realisedE8 - feeE8 + insuranceE8);
  const realisedSumE8 = exactAmount('realisedE8', state.realisedE8 + realisedE8);

  state.walletE8 = walletE8;
  state.realisedE8 = realisedSumE8;
  state.liquidationFeesE8 += feeE8;
  state.insuranceE8 += insuranceE8;
  state.isolatedE8 -= releasedE8;
  book.realisedE8 += realisedE8;
  position.steps = steps;
  position.costE8 = costE8;
  position.valueE8 = valueE8;
  position.isolatedWalletE8 -= releasedE8;
}

function crossPositions({ books }: AccountState): number {
  let count = 0;
  for (const { marginType, both, long, short } of books)
    if (marginType === 'cross')
      count += Number(both.steps !== 0) + Number(long.steps !== 0) + Number(short.steps !== 0);
  return count;
}
