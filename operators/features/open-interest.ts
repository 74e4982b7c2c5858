import type { Gap } from '../../streams/events/gap.ts';
import type { OpenInterest } from '../../streams/events/open-interest.ts';
import { defineFeature, type FeatureFold } from './definition.ts';

/** Plain data. */
export interface OpenInterestState {
  /** NaN: not known. */
  value: number;
}

/**
 * Open interest as the venue last answered it, in the base asset: contracts that are held open, each counted once.
 *
 * Speaks from the first answer on; a gap of the open interest silences it until the next.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Open-Interest
 */
export function openInterest(): FeatureFold<OpenInterest | Gap, OpenInterestState> {
  return {
    initialState: () => ({ value: Number.NaN }),
    evolve: (state, event) => {
      if (event.type === 'openInterest') state.value = event.openInterest;
      else if (event.channel === 'openInterest') state.value = Number.NaN;
      return state;
    },
    project: ({ value }) => (Number.isNaN(value) ? undefined : value),
  };
}

export const OPEN_INTEREST = defineFeature({
  name: 'open_interest',
  version: 1,
  title: 'Open interest',
  group: 'derivatives',
  inputs: ['openInterest', 'gap'],
  parameters: {},
  outputs: { '': { unit: 'plainQty', range: [0, null], says: 'contracts that are held open' } },
  warmUp: () => ({ count: 1, of: 'events', also: 'an answer of the venue' }),
  formula: 'openInterest as the venue answers it',
  source: 'Binance, Open Interest',
  create: openInterest,
});
