import { defineFeature } from './definition.ts';
import { type Funding, ofFunding } from './of-funding.ts';

const YEAR_MS = 365 * 86_400_000;

/**
 * Rate of the coming settlement for a whole year, not compounded, as a ratio (0.1: 10 % a year); positive where longs
 * pay.
 *
 * r · year / interval, the year of 365 days
 *
 * The venue settles contracts every 8, 4 or 1 hours and may change it, so the interval is the one from the last
 * settlement to the coming one, and this is silent before a settlement has been seen; silent too in a gap of the mark
 * price, and after one with a settlement in it until the next.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Mark-Price-Stream
 */
export function annualisedFundingRate({ rate, intervalMs }: Funding): number {
  return (rate * YEAR_MS) / intervalMs;
}

export const ANNUALISED_FUNDING_RATE = defineFeature({
  name: 'annualised_funding_rate',
  version: 1,
  title: 'Annualised funding rate',
  group: 'derivatives',
  inputs: ['markPrice', 'gap'],
  parameters: {},
  outputs: { '': { unit: 'ratio', range: [null, null], says: 'a year, not compounded; positive: longs pay' } },
  warmUp: () => ({ count: 1, of: 'events', also: 'a settlement of funding' }),
  formula: 'r · 365 days / (T − T′), T′ the settlement before T',
  source: 'Binance, Mark Price Stream',
  create: () => ofFunding(annualisedFundingRate),
});
