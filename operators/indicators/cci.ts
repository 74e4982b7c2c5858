import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import {
  countBelow,
  createOrderedWindow,
  distanceBelow,
  type OrderedWindow,
  pushOrderedWindow,
} from '../rolling/ordered-window.ts';
import { productError } from '../rolling/product-error.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { typicalPriceTimes3 } from './typical-price.ts';

/** Plain data. */
export interface CciState {
  /** Of three typical prices each, as the sum is: the index is a ratio. */
  readonly window: OrderedWindow;
  readonly sum: ExactSum;
}

/** Lambert's, so that most values lie between −100 and 100. */
const SCALE = 0.015;

/**
 * Commodity channel index, a number without unit, mostly between −100 and 100: (t − m)/(0.015·d), with the typical price
 * t = (H + L + C)/3, m its mean over the last `period` bars and d the mean distance of these t from m; positive above the
 * mean. 0 where the typical price does not move.
 *
 * Speaks from bar `period` on (tulind from bar 2·period − 1 on, with the same values). The same wherever it began.
 * @throws RangeError for an impossible `period`
 * @see Lambert (1980), "Commodity Channel Index: Tool for Trading Cyclic Trends", Commodities, October.
 */
export function cci({ period }: { readonly period: number }): Projection<Candle, CciState, number> {
  checkPeriod('cci', 'period', period);
  return {
    initialState: () => ({ window: createOrderedWindow(period), sum: createExactSum() }),
    evolve: (state, candle) => {
      const price = typicalPriceTimes3(candle);
      exchangeInExactSum(state.sum, price, pushOrderedWindow(state.window, price));
      return state;
    },
    project: ({ window, sum }, candle) => {
      if (window.recent.count < period) return undefined;
      const mean = sum.high / period;
      // What rounding has taken from the mean: not nothing beside distances of a few ticks.
      const rest = (sum.high - period * mean - productError(period, mean) + sum.low) / period;
      // As far as the ones below the mean lie below it, so far the others lie above it.
      const distance = (2 * (distanceBelow(window, mean) + countBelow(window, mean) * rest)) / period;
      return distance <= 0 ? 0 : (typicalPriceTimes3(candle) - mean - rest) / (SCALE * distance);
    },
  };
}
