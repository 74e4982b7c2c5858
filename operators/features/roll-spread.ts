import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import { defineFeature, type FeatureFold, wholeNumber } from './definition.ts';

/** Plain data. */
export interface RollSpreadState {
  /** NaN before the first trade. */
  lastTicks: number;
  lastChange: number;
  /** The last changes of the price. */
  changes: RecentValues;
  /**
   * Sum of the changes, and of the products of each with the one before. Whole numbers, whose running sums are exact.
   */
  sum: number;
  products: number;
}

/**
 * Roll's spread, in ticks: what the bounce of trades between bid and ask says of the distance between them.
 *
 * 2·√(−cov(Δp_t, Δp_{t−1})) over the last `pairs` pairs of consecutive changes of the trades' price
 *
 * Silent where the covariance is positive, as where prices trend: it then has no root. Speaks from trade `pairs` + 2
 * on; a gap of the trades starts it anew.
 * @see Roll (1984), "A Simple Implicit Measure of the Effective Bid-Ask Spread in an Efficient Market", J. Finance
 * 39(4).
 */
export function rollSpread({ pairs }: { readonly pairs: number }): FeatureFold<Trade | Gap, RollSpreadState> {
  function takeChange(state: RollSpreadState, change: number): void {
    const { changes } = state;
    if (changes.count > 0) state.products += change * state.lastChange;
    const isFull = changes.count === changes.values.length;
    const oldest = pushRecentValue(changes, change);
    // What is the oldest now was paired with the one that has gone.
    if (isFull) state.products -= oldest * changes.values[changes.next]!;
    state.sum += change - oldest;
    state.lastChange = change;
  }

  return {
    initialState: () => ({
      lastTicks: Number.NaN,
      lastChange: 0,
      changes: createRecentValues(pairs + 1),
      sum: 0,
      products: 0,
    }),
    evolve: (state, event) => {
      if (event.type === 'gap') {
        if (!concernsTrades(event)) return state;
        state.lastTicks = Number.NaN;
        state.changes = createRecentValues(pairs + 1);
        state.sum = 0;
        state.products = 0;
        return state;
      }
      if (!Number.isNaN(state.lastTicks)) takeChange(state, event.priceTicks - state.lastTicks);
      state.lastTicks = event.priceTicks;
      return state;
    },
    project: ({ changes, sum, products, lastChange }) => {
      if (changes.count <= pairs) return undefined;
      const later = sum - changes.values[changes.next]!;
      const earlier = sum - lastChange;
      const covariance = (products - (later * earlier) / pairs) / pairs;
      return covariance > 0 ? undefined : 2 * Math.sqrt(Math.abs(covariance));
    },
  };
}

export const ROLL_SPREAD = defineFeature({
  name: 'roll_spread',
  version: 1,
  title: 'Roll’s spread',
  group: 'flow',
  inputs: ['trade', 'gap'],
  parameters: { pairs: wholeNumber('trades', { default: 500, says: 'pairs of consecutive changes', most: 100_000 }) },
  outputs: { '': { unit: 'price', range: [0, null], says: 'distance of bid and ask that the trades imply' } },
  warmUp: ({ pairs }) => ({ count: pairs + 2, of: 'trades', also: 'a covariance that is not positive' }),
  formula: '2·√(−cov(Δp_t, Δp_{t−1}))',
  source: 'Roll (1984), J. Finance 39(4)',
  create: rollSpread,
});
