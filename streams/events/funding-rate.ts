import { createFieldScanner } from './field-scanner.ts';

/** The funding rate of one settlement that has happened. */
export interface FundingRate {
  readonly type: 'fundingRate';
  /** ms since the epoch. */
  readonly fundingTimeMs: number;
  /** A ratio of the position's value; positive: longs pay shorts. */
  readonly fundingRate: number;
}

/** @see https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Get-Funding-Rate-History */
export function createFundingRateDecoder(): (payload: Uint8Array) => FundingRate {
  const fields = createFieldScanner('fundingRate', ['fundingTime', 'fundingRate']);
  const { fundingTime, fundingRate } = fields.slots;
  return (payload) => {
    fields.scan(payload);
    return {
      type: 'fundingRate',
      fundingTimeMs: fields.integer(fundingTime),
      fundingRate: fields.signedNumber(fundingRate),
    };
  };
}
