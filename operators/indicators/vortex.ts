import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { trueRange } from './true-range.ts';

/** Ratios of 0 or more, mostly about 1. */
export interface Vortex {
  /** Upward movement, from the low before to the high, over true range. */
  readonly plus: number;
  /** Downward movement, from the high before to the low, over true range. */
  readonly minus: number;
}

/** Plain data. */
export interface VortexState {
  last: Candle | null;
  readonly rises: RecentValues;
  readonly falls: RecentValues;
  readonly ranges: RecentValues;
  readonly rise: ExactSum;
  readonly fall: ExactSum;
  readonly range: ExactSum;
}

/**
 * Vortex indicator: Σ|H − L′|/ΣTR and Σ|L − H′|/ΣTR over the last `period` bars, with L′ and H′ of the bar before each; the
 * larger one names the trend. Both 0 where there was no true range.
 *
 * Speaks from bar `period` + 1 on. The same wherever it began.
 * @throws RangeError for an impossible `period`
 * @see Botes & Siepman (2010), "The Vortex Indicator", Stocks & Commodities 28(1).
 */
export function vortex({ period }: { readonly period: number }): Projection<Candle, VortexState, Vortex> {
  checkPeriod('vortex', 'period', period);

  function push(recent: RecentValues, sum: ExactSum, value: number): void {
    exchangeInExactSum(sum, value, pushRecentValue(recent, value));
  }

  return {
    initialState: () => ({
      last: null,
      rises: createRecentValues(period),
      falls: createRecentValues(period),
      ranges: createRecentValues(period),
      rise: createExactSum(),
      fall: createExactSum(),
      range: createExactSum(),
    }),
    evolve: (state, candle) => {
      const { last } = state;
      if (last !== null) {
        push(state.rises, state.rise, Math.abs(candle.high - last.low));
        push(state.falls, state.fall, Math.abs(candle.low - last.high));
        push(state.ranges, state.range, trueRange(candle, last.close));
      }
      state.last = candle;
      return state;
    },
    project: ({ ranges, rise, fall, range }) => {
      if (ranges.count < period) return undefined;
      if (range.high === 0) return { plus: 0, minus: 0 };
      return { plus: rise.high / range.high, minus: fall.high / range.high };
    },
  };
}
