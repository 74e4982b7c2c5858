import type { Gap } from '../../streams/events/gap.ts';
import type { MarkPrice } from '../../streams/events/mark-price.ts';
import { defineFeature, type FeatureFold } from './definition.ts';

/** Plain data. */
export interface MarkIndexSpreadState {
  /** NaN: not known. */
  value: number;
}

/**
 * Mark price less index price as a part of the index price, in basis points; positive where the perpetual is dearer
 * than spot.
 *
 * 10⁴·(mark − index) / index
 *
 * Speaks from the first mark price on, where there is an index; a gap of the mark price silences it until the next.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Mark-Price-Stream
 */
export function markIndexSpread(): FeatureFold<MarkPrice | Gap, MarkIndexSpreadState> {
  return {
    initialState: () => ({ value: Number.NaN }),
    evolve: (state, event) => {
      if (event.type === 'markPrice') {
        const { markPrice, indexPrice } = event;
        state.value = indexPrice > 0 ? (10_000 * (markPrice - indexPrice)) / indexPrice : Number.NaN;
      } else if (event.channel === 'markPrice') state.value = Number.NaN;
      return state;
    },
    project: ({ value }) => (Number.isNaN(value) ? undefined : value),
  };
}

export const MARK_INDEX_SPREAD = defineFeature({
  name: 'mark_index_spread',
  version: 1,
  title: 'Mark-index spread',
  group: 'derivatives',
  inputs: ['markPrice', 'gap'],
  parameters: {},
  outputs: { '': { unit: 'bps', range: [null, null], says: 'of the index; positive: the perpetual is dearer' } },
  warmUp: () => ({ count: 1, of: 'events', also: 'a mark price' }),
  formula: '10⁴·(mark − index) / index',
  source: 'Binance, Mark Price Stream',
  create: markIndexSpread,
});
