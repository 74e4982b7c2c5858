import type { Candle } from '../../../operators/indicators/candle.ts';
import { naiveEma, naiveRsi, naiveSma } from './naive-indicators.ts';
import { behind, mean, steps, sum, trueRanges, type Values, windows, zip } from './naive-windows.ts';

// Each value anew from all inputs up to it, close to the definitions. null: warming up.

export function naiveCci(bars: readonly Candle[], period: number): Values {
  return windows(bars, period, (window) => {
    // From one of them on, as the index does not change: so that means of ticks do not lose their digits.
    const origin = window[0]!.close;
    const prices = window.map(({ high, low, close }) => (high - origin + (low - origin) + (close - origin)) / 3);
    const distance = mean(prices.map((price) => Math.abs(price - mean(prices))));
    const isFlat = prices.every((price) => price === prices[0]);
    return isFlat ? 0 : (prices.at(-1)! - mean(prices)) / (0.015 * distance);
  });
}

export const naiveCmo = (inputs: readonly number[], period: number): Values => [
  null,
  ...windows(
    steps(inputs, (x, last) => x - last),
    period,
    (changes) => {
      const rises = sum(changes.filter((change) => change > 0));
      const falls = -sum(changes.filter((change) => change < 0));
      return rises + falls === 0 ? 0 : (100 * (rises - falls)) / (rises + falls);
    },
  ),
];

export function naiveTrix(inputs: readonly number[], period: number): Values {
  const of = (known: readonly number[]): Values => naiveEma(known, period);
  const third = behind(behind(naiveEma(inputs, period), of), of);
  return third.map((value, n) => {
    const before = third[n - 1] ?? null;
    return value === null || before === null ? null : 100 * (1 - before / value);
  });
}

/** Shares of the true range that was bought, over one window. */
function boughtShare(bars: readonly Candle[], period: number): Values {
  const bought = steps(bars, ({ low, close }, last) => close - Math.min(low, last.close));
  const ranges = trueRanges(bars).slice(1);
  const total = (values: readonly number[]): Values => windows(values, period, sum);
  return [null, ...zip(total(bought), total(ranges), (a, b) => (b === 0 ? 0.5 : a / b))];
}

export function naiveUltimateOscillator(bars: readonly Candle[], short: number, medium: number, long: number): Values {
  const [a, b, c] = [boughtShare(bars, short), boughtShare(bars, medium), boughtShare(bars, long)] as const;
  return c.map((last, n) => (last === null ? null : (100 * (4 * a[n]! + 2 * b[n]! + last)) / 7));
}

export function naiveAwesomeOscillator(bars: readonly Candle[], fast: number, slow: number): Values {
  const middles = bars.map(({ high, low }) => (high + low) / 2);
  return zip(naiveSma(middles, fast), naiveSma(middles, slow), (a, b) => a - b);
}

export function naiveMassIndex(bars: readonly Candle[], period: number): Values {
  const first = naiveEma(
    bars.map(({ high, low }) => high - low),
    9,
  );
  const second = behind(first, (known) => naiveEma(known, 9));
  return behind(
    zip(first, second, (a, b) => (b === 0 ? 1 : a / b)),
    (ratios) => windows(ratios, period, sum),
  );
}

/** k and d. */
export function naiveStochasticRsi(
  inputs: readonly number[],
  period: number,
  window: number,
  slowing: number,
  signal: number,
): [Values, Values] {
  const fast = behind(naiveRsi(inputs, period), (known) =>
    windows(known, window, (last) => {
      const [highest, lowest] = [Math.max(...last), Math.min(...last)];
      return highest === lowest ? 0 : (100 * (last.at(-1)! - lowest)) / (highest - lowest);
    }),
  );
  const k = behind(fast, (known) => naiveSma(known, slowing));
  const d = behind(k, (known) => naiveSma(known, signal));
  return [zip(k, d, (a) => a), d];
}
