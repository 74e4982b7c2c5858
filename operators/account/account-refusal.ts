/** Binance's codes for what an account refuses, by Binance's names. */
export const REFUSAL_CODES = {
  INVALID_SYMBOL: -1121,
  BALANCE_NOT_SUFFICIENT: -2018,
  MARGIN_NOT_SUFFICIENT: -2019,
  REDUCE_ONLY_REJECT: -2022,
  MAX_LEVERAGE_RATIO: -2027,
  MIN_LEVERAGE_RATIO: -2028,
  PRICE_LESS_THAN_ZERO: -4001,
  QTY_LESS_THAN_ZERO: -4003,
  INVALID_LEVERAGE: -4028,
  NO_NEED_TO_CHANGE_MARGIN_TYPE: -4046,
  THERE_EXISTS_OPEN_ORDERS: -4047,
  THERE_EXISTS_QUANTITY: -4048,
  ADD_ISOLATED_MARGIN_REJECT: -4049,
  CROSS_BALANCE_INSUFFICIENT: -4050,
  ISOLATED_BALANCE_INSUFFICIENT: -4051,
  ADD_ISOLATED_MARGIN_NO_POSITION_REJECT: -4054,
  AMOUNT_MUST_BE_POSITIVE: -4055,
  NO_NEED_TO_CHANGE_POSITION_SIDE: -4059,
  INVALID_POSITION_SIDE: -4060,
  POSITION_SIDE_NOT_MATCH: -4061,
  POSITION_SIDE_CHANGE_EXISTS_OPEN_ORDERS: -4067,
  POSITION_SIDE_CHANGE_EXISTS_QUANTITY: -4068,
  ISOLATED_LEVERAGE_REJECT_WITH_POSITION: -4161,
} as const;

export type RefusalReason = keyof typeof REFUSAL_CODES;

/** Why something cannot be. */
export interface Refusal {
  /** Event type and field, e.g. `fill/qtySteps`. */
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  /** Binance's name of the refusal; null where it has none, as the event is malformed. */
  readonly reason: RefusalReason | null;
  /** Binance's error code; null where it has none. */
  readonly code: number | null;
}

/** @param field event type and field, e.g. `fill/qtySteps` */
export function refusal(field: string, expected: string, found: unknown, reason: RefusalReason | null): Refusal {
  return { field, expected, found: String(found), reason, code: reason === null ? null : REFUSAL_CODES[reason] };
}

/**
 * An event that cannot be. The account is as it was before.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/error-code
 */
export class AccountRefusal extends Error implements Refusal {
  override readonly name = 'AccountRefusal';
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  readonly reason: RefusalReason | null;
  readonly code: number | null;

  constructor(field: string, expected: string, found: unknown, reason: RefusalReason | null = null) {
    const why = refusal(field, expected, found, reason);
    super(`${field}: expected ${expected}, found ${why.found}${reason === null ? '' : ` (${why.code} ${reason})`}`);
    this.field = field;
    this.expected = expected;
    this.found = why.found;
    this.reason = reason;
    this.code = why.code;
  }
}
