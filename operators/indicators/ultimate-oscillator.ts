import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues, recentValue } from '../rolling/recent-values.ts';
import type { Candle } from './candle.ts';
import { checkPeriod, checkShorter } from './period.ts';
import { trueRange } from './true-range.ts';

/** Sums over one of the windows. */
export interface BuyingPressure {
  readonly pressure: ExactSum;
  readonly range: ExactSum;
}

/** Plain data. */
export interface UltimateOscillatorState {
  lastClose: number;
  readonly pressures: RecentValues;
  readonly ranges: RecentValues;
  readonly short: BuyingPressure;
  readonly medium: BuyingPressure;
  readonly long: BuyingPressure;
}

/**
 * Ultimate oscillator, from 0 to 100: 100·(4·a + 2·b + c)/7 with a, b, c the buying pressure over the true range in the
 * last `short`, `medium` and `long` bars, each as a quotient of sums. A bar's buying pressure is its close less the lower
 * of its low and the close before. A window in which nothing moved counts as one half.
 *
 * Speaks from bar `long` + 1 on. The same wherever it began.
 * @throws RangeError for an impossible period, or periods that do not grow
 * @see Williams (1985), "The Ultimate Oscillator", Stocks & Commodities 3(4).
 */
export function ultimateOscillator(options: {
  readonly short: number;
  readonly medium: number;
  readonly long: number;
}): Projection<Candle, UltimateOscillatorState, number> {
  const { short, medium, long } = options;
  for (const [name, period] of Object.entries(options)) checkPeriod('ultimateOscillator', name, period);
  checkShorter('ultimateOscillator', 'short', short, 'medium', medium);
  checkShorter('ultimateOscillator', 'medium', medium, 'long', long);

  function push(
    { pressures, ranges, short: a, medium: b, long: c }: UltimateOscillatorState,
    pressure: number,
    range: number,
  ): void {
    exchangeInExactSum(a.pressure, pressure, recentValue(pressures, short));
    exchangeInExactSum(b.pressure, pressure, recentValue(pressures, medium));
    exchangeInExactSum(c.pressure, pressure, pushRecentValue(pressures, pressure));
    exchangeInExactSum(a.range, range, recentValue(ranges, short));
    exchangeInExactSum(b.range, range, recentValue(ranges, medium));
    exchangeInExactSum(c.range, range, pushRecentValue(ranges, range));
  }

  return {
    initialState: () => ({
      lastClose: Number.NaN,
      pressures: createRecentValues(long),
      ranges: createRecentValues(long),
      short: createBuyingPressure(),
      medium: createBuyingPressure(),
      long: createBuyingPressure(),
    }),
    evolve: (state, candle) => {
      const { lastClose } = state;
      if (!Number.isNaN(lastClose))
        push(state, candle.close - Math.min(candle.low, lastClose), trueRange(candle, lastClose));
      state.lastClose = candle.close;
      return state;
    },
    project: ({ ranges, short: a, medium: b, long: c }) =>
      ranges.count < long ? undefined : (100 * (4 * share(a) + 2 * share(b) + share(c))) / 7,
  };
}

function createBuyingPressure(): BuyingPressure {
  return { pressure: createExactSum(), range: createExactSum() };
}

function share({ pressure, range }: BuyingPressure): number {
  return range.high === 0 ? 0.5 : pressure.high / range.high;
}
