import { defineFeature } from './definition.ts';
import { type Funding, ofFunding } from './of-funding.ts';

/**
 * Time until the coming settlement of funding, in seconds; 0 where it is due and the venue has not said the next.
 *
 * Speaks from the first mark price on; a gap of the mark price silences it until the next.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Mark-Price-Stream
 */
export function timeToFunding({ nextMs, nowMs }: Funding): number {
  return Math.max(0, nextMs - nowMs) / 1_000;
}

export const TIME_TO_FUNDING = defineFeature({
  name: 'time_to_funding',
  version: 1,
  title: 'Time to funding',
  group: 'derivatives',
  inputs: ['markPrice', 'gap', 'sample'],
  parameters: {},
  outputs: { '': { unit: 'seconds', range: [0, null], says: 'until the coming settlement' } },
  warmUp: () => ({ count: 1, of: 'events', also: 'a mark price with funding' }),
  formula: 'T − now, at least 0',
  source: 'Binance, Mark Price Stream',
  create: () => ofFunding(timeToFunding),
});
