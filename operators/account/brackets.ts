import { AccountRefusal } from './account-refusal.ts';
import { E8, multiplyDivide } from './money.ts';

/**
 * One row of an instrument's leverage brackets, as Binance writes it; amounts in the quote asset.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/account/rest-api/Notional-and-Leverage-Brackets
 */
export interface LeverageBracket {
  /** 1 for the first. */
  readonly bracket: number;
  /** Highest leverage at which a position may reach into this bracket. */
  readonly initialLeverage: number;
  readonly notionalCap: number;
  readonly notionalFloor: number;
  /** Maintenance margin as a part of the notional. */
  readonly maintMarginRatio: number;
  /** Maintenance amount, taken off so that the margin has no jump at the floor. */
  readonly cum: number;
}

/** A bracket in units of 1e-8. */
export interface BracketE8 {
  readonly leverageMax: number;
  readonly capE8: number;
  readonly floorE8: number;
  readonly ratioE8: number;
  readonly cumE8: number;
}

/** More than any venue has offered; a slip of the pen is beyond it. */
const LEVERAGE_MAX = 1_000;

/** How far a maintenance amount may be from the one that the floors and ratios give, in the quote asset. */
const CUM_TOLERANCE = 0.01;

/**
 * Brackets as the account computes with them.
 * @param at the instrument, for the error
 * @throws AccountRefusal naming the row and the field that does not follow from the row before
 */
export function compileBrackets(at: string, rows: readonly LeverageBracket[]): readonly BracketE8[] {
  if (rows.length === 0) throw new AccountRefusal(`${at}/brackets`, 'at least one bracket', 'none');
  let previous: LeverageBracket | undefined;
  return rows.map((row) => {
    checkBracket(`${at}/brackets/${row.bracket}`, row, previous);
    previous = row;
    return {
      leverageMax: row.initialLeverage,
      capE8: row.notionalCap * E8,
      floorE8: row.notionalFloor * E8,
      ratioE8: Math.round(row.maintMarginRatio * E8),
      cumE8: Math.round(row.cum * E8),
    };
  });
}

function checkBracket(at: string, row: LeverageBracket, previous: LeverageBracket | undefined): void {
  const { initialLeverage, notionalCap, notionalFloor, maintMarginRatio, cum } = row;
  const refuse = (field: string, expected: string, found: number): never => {
    throw new AccountRefusal(`${at}/${field}`, expected, found);
  };
  const floor = previous?.notionalCap ?? 0;
  if (notionalFloor !== floor) refuse('notionalFloor', String(floor), notionalFloor);
  if (!(notionalCap > notionalFloor)) refuse('notionalCap', `more than ${notionalFloor}`, notionalCap);
  const leverageMax = previous?.initialLeverage ?? LEVERAGE_MAX;
  if (!Number.isInteger(initialLeverage) || initialLeverage < 1 || initialLeverage > leverageMax)
    refuse('initialLeverage', `a whole number from 1 to ${leverageMax}`, initialLeverage);
  const ratioMin = previous?.maintMarginRatio ?? 0;
  if (!(maintMarginRatio > ratioMin && maintMarginRatio < 1))
    refuse('maintMarginRatio', `more than ${ratioMin} and less than 1`, maintMarginRatio);
  const due = previous === undefined ? 0 : previous.cum + floor * (maintMarginRatio - previous.maintMarginRatio);
  if (!(Math.abs(cum - due) <= CUM_TOLERANCE)) refuse('cum', due.toFixed(2), cum);
}

/** The bracket that a notional falls in; the last one above its cap. A notional at a cap is still in that bracket. */
export function bracketAt(brackets: readonly BracketE8[], notionalE8: number): BracketE8 {
  const last = brackets.length - 1;
  for (let n = 0; n < last; n++) if (notionalE8 <= brackets[n]!.capE8) return brackets[n]!;
  return brackets[last]!;
}

/** Maintenance margin of one position of this size: notional × ratio − maintenance amount. */
export function maintenanceE8(brackets: readonly BracketE8[], notionalE8: number): number {
  if (notionalE8 === 0) return 0;
  const { ratioE8, cumE8 } = bracketAt(brackets, notionalE8);
  return multiplyDivide(notionalE8, ratioE8, E8) - cumE8;
}

/** The largest notional that is allowed at a leverage; 0 where no bracket allows the leverage. */
export function notionalCapE8(brackets: readonly BracketE8[], leverage: number): number {
  let capE8 = 0;
  for (const bracket of brackets) if (bracket.leverageMax >= leverage) capE8 = bracket.capE8;
  return capE8;
}
