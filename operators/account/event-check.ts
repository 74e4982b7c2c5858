import type { PositionMode, PositionSide } from './account-event.ts';
import { AccountRefusal, type RefusalReason } from './account-refusal.ts';

/** @throws AccountRefusal where it is no whole number above 0 */
export function checkPositive(field: string, value: number, reason: RefusalReason | null = null): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new AccountRefusal(field, 'a positive whole number', value, reason);
}

/** @throws AccountRefusal where it is no whole number */
export function checkWhole(field: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new AccountRefusal(field, 'a whole number', value);
}

/** @throws AccountRefusal −4001 or −4003, or without a code where one is no whole number */
export function checkPriceAndQty(at: string, priceTicks: number, qtySteps: number): void {
  checkPositive(`${at}/priceTicks`, priceTicks, priceTicks <= 0 ? 'PRICE_LESS_THAN_ZERO' : null);
  checkPositive(`${at}/qtySteps`, qtySteps, qtySteps <= 0 ? 'QTY_LESS_THAN_ZERO' : null);
}

/** @throws AccountRefusal −4061 where the side is not of the account's mode, −4060 where there is no such side */
export function checkPositionSide(at: string, mode: PositionMode, positionSide: PositionSide): void {
  const isHedgeSide = positionSide === 'LONG' || positionSide === 'SHORT';
  if (mode === 'hedge' ? isHedgeSide : positionSide === 'BOTH') return;
  const reason = isHedgeSide || positionSide === 'BOTH' ? 'POSITION_SIDE_NOT_MATCH' : 'INVALID_POSITION_SIDE';
  throw new AccountRefusal(
    `${at}/positionSide`,
    mode === 'hedge' ? 'LONG or SHORT in hedge mode' : 'BOTH in one-way mode',
    positionSide,
    reason,
  );
}

/**
 * @param words what the field may be
 * @throws AccountRefusal where it is none of them
 */
export function checkWord(field: string, words: readonly string[], value: string): void {
  if (!words.includes(value)) throw new AccountRefusal(field, words.join(' or '), value);
}
