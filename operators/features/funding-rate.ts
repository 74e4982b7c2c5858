import { defineFeature } from './definition.ts';
import { type Funding, ofFunding } from './of-funding.ts';

/**
 * Rate of the coming settlement as the venue says it, as a ratio of the position's value; positive where longs pay.
 * Until the settlement it is the predicted rate: the venue's running estimate, which becomes the settled one.
 *
 * Speaks from the first mark price on; a gap of the mark price silences it until the next.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Mark-Price-Stream
 */
export function fundingRate({ rate }: Funding): number {
  return rate;
}

export const FUNDING_RATE = defineFeature({
  name: 'funding_rate',
  version: 1,
  title: 'Funding rate',
  group: 'derivatives',
  inputs: ['markPrice', 'gap'],
  parameters: {},
  outputs: { '': { unit: 'ratio', range: [null, null], says: 'of the coming settlement; positive: longs pay' } },
  warmUp: () => ({ count: 1, of: 'events', also: 'a mark price with funding' }),
  formula: 'r of the mark price stream',
  source: 'Binance, Mark Price Stream',
  create: () => ofFunding(fundingRate),
});
