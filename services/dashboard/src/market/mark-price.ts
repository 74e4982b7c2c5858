import { fieldsOf } from '../api/fields.ts';

export interface MarkPrice {
  readonly timeMs: number;
  readonly markPrice: string;
  readonly indexPrice: string | null;
  /** Per funding interval, a ratio; positive: longs pay shorts. */
  readonly fundingRate: number | null;
  readonly nextFundingMs: number | null;
}

/** @throws TypeError naming the field that is not as expected */
export function readMarkPrice(value: unknown): MarkPrice {
  const fields = fieldsOf('mark price', value);
  const nextFundingMs = fields.timeMsOrNull('next_funding_time');
  return {
    timeMs: fields.timeMs('ts'),
    markPrice: fields.decimal('mark_price'),
    indexPrice: fields.decimalOrNull('index_price'),
    fundingRate: fields.numberOrNull('funding_rate'),
    // Delivery contracts have no funding and say 0.
    nextFundingMs: nextFundingMs === 0 ? null : nextFundingMs,
  };
}
