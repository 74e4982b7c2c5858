import { defineFeature } from './definition.ts';
import { type Funding, ofFunding } from './of-funding.ts';

/**
 * Rate of the last settlement, as a ratio of the position's value; positive where longs paid. It is the last rate that
 * the venue said before the time of the coming settlement moved on.
 *
 * Speaks from the first settlement on that was seen; silent in a gap of the mark price, and after one with a settlement
 * in it until the next.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Mark-Price-Stream
 */
export function settledFundingRate({ settledRate }: Funding): number {
  return settledRate;
}

export const SETTLED_FUNDING_RATE = defineFeature({
  name: 'settled_funding_rate',
  version: 1,
  title: 'Settled funding rate',
  group: 'derivatives',
  inputs: ['markPrice', 'gap'],
  parameters: {},
  outputs: { '': { unit: 'ratio', range: [null, null], says: 'of the last settlement; positive: longs paid' } },
  warmUp: () => ({ count: 1, of: 'events', also: 'a settlement of funding' }),
  formula: 'last r before T of the mark price stream moved on',
  source: 'Binance, Mark Price Stream',
  create: () => ofFunding(settledFundingRate),
});
