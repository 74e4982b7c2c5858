import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { createPriceChannel, type PriceChannel, pushPriceChannel } from './price-channel.ts';
import { trueRange } from './true-range.ts';

/** Plain data. */
export interface ChoppinessState {
  lastClose: number;
  readonly ranges: RecentValues;
  readonly sum: ExactSum;
  readonly channel: PriceChannel;
}

/**
 * Choppiness index, from 0 (the bars went one way) to about 100 (they went to and fro): 100·log(ΣTR/(H − L))/log(period),
 * with the true ranges' sum, the highest high and the lowest low of the last `period` bars. 100 where these have one price.
 *
 * Speaks from bar `period` + 1 on, because the first bar's true range is not known. The same wherever it began.
 * @throws RangeError for a `period` below 2
 * @see Dreiss, in Burke (1993), "Measuring Market Choppiness with Chaos", Futures, October.
 */
export function choppiness({ period }: { readonly period: number }): Projection<Candle, ChoppinessState, number> {
  checkPeriod('choppiness', 'period', period, 2);
  const scale = 100 / Math.log(period);
  return {
    initialState: () => ({
      lastClose: Number.NaN,
      ranges: createRecentValues(period),
      sum: createExactSum(),
      channel: createPriceChannel(period),
    }),
    evolve: (state, candle) => {
      pushPriceChannel(state.channel, candle);
      if (!Number.isNaN(state.lastClose)) {
        const range = trueRange(candle, state.lastClose);
        exchangeInExactSum(state.sum, range, pushRecentValue(state.ranges, range));
      }
      state.lastClose = candle.close;
      return state;
    },
    project: ({ ranges, sum, channel }) => {
      if (ranges.count < period) return undefined;
      const height = channel.highest - channel.lowest;
      return height === 0 ? 100 : scale * Math.log(sum.high / height);
    },
  };
}
