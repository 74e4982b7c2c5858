import type { Candle } from '../../../operators/indicators/candle.ts';
import { naiveAtr, naiveEma } from './naive-indicators.ts';
import { steps, sum, trueRanges, type Values, windows, zip } from './naive-windows.ts';

// Each value anew from all inputs up to it, close to the definitions. null: warming up.

const highest = (bars: readonly Candle[]): number => Math.max(...bars.map(({ high }) => high));
const lowest = (bars: readonly Candle[]): number => Math.min(...bars.map(({ low }) => low));

export function naiveAroon(bars: readonly Candle[], period: number): Record<'up' | 'down' | 'oscillator', Values> {
  const since = (bar: number): number => (100 * bar) / period;
  const up = windows(bars, period + 1, (window) => since(window.findLastIndex(({ high }) => high === highest(window))));
  const down = windows(bars, period + 1, (window) => since(window.findLastIndex(({ low }) => low === lowest(window))));
  return { up, down, oscillator: zip(up, down, (a, b) => a - b) };
}

export function naiveIchimoku(
  bars: readonly Candle[],
  periods: { readonly conversion: number; readonly base: number; readonly spanB: number },
): Record<'conversion' | 'base' | 'spanA' | 'spanB', Values> {
  const longest = Math.max(...Object.values(periods));
  const of = (period: number): Values =>
    windows(bars, period, (window) => (highest(window) + lowest(window)) / 2).map((value, n) =>
      n + 1 < longest ? null : value,
    );
  const [conversion, base] = [of(periods.conversion), of(periods.base)];
  return { conversion, base, spanA: zip(conversion, base, (a, b) => (a + b) / 2), spanB: of(periods.spanB) };
}

export function naiveKeltnerChannel(
  bars: readonly Candle[],
  period: number,
  multiplier: number,
): Record<'lower' | 'middle' | 'upper', Values> {
  const range = naiveAtr(bars, period);
  const middle = naiveEma(
    bars.map(({ close }) => close),
    period,
  );
  return {
    lower: zip(middle, range, (a, b) => a - multiplier * b),
    middle,
    upper: zip(middle, range, (a, b) => a + multiplier * b),
  };
}

export function naiveVortex(bars: readonly Candle[], period: number): Record<'plus' | 'minus', Values> {
  const total = (values: readonly number[]): Values => windows(values, period, sum);
  const ranges = total(trueRanges(bars).slice(1));
  const of = (moves: readonly number[]): Values => [
    null,
    ...zip(total(moves), ranges, (move, range) => (range === 0 ? 0 : move / range)),
  ];
  return {
    plus: of(steps(bars, ({ high }, last) => Math.abs(high - last.low))),
    minus: of(steps(bars, ({ low }, last) => Math.abs(low - last.high))),
  };
}

export function naiveChoppiness(bars: readonly Candle[], period: number): Values {
  const ranges = windows(trueRanges(bars).slice(1), period, sum);
  const heights = windows(bars.slice(1), period, (window) => highest(window) - lowest(window));
  const of = (range: number, height: number): number =>
    height === 0 ? 100 : (100 * Math.log10(range / height)) / Math.log10(period);
  return [null, ...zip(ranges, heights, of)];
}

export function naiveHeikinAshi(bars: readonly Candle[]): Record<keyof Candle, Values> {
  const closes = bars.map(({ open, high, low, close }) => (open + high + low + close) / 4);
  /** Half of each close before, a quarter of the one before that, and so on. */
  const opens = bars.map((_, n) => {
    const first = (bars[0]!.open + bars[0]!.close) / 2;
    return first / 2 ** n + sum(closes.slice(0, n).map((close, at) => close / 2 ** (n - at)));
  });
  return {
    open: opens,
    high: bars.map(({ high }, n) => Math.max(high, opens[n]!, closes[n]!)),
    low: bars.map(({ low }, n) => Math.min(low, opens[n]!, closes[n]!)),
    close: closes,
    volume: bars.map(({ volume }) => volume),
  };
}

/** Trend by trend, each followed from the bar that it began with up to the bar that reaches it. */
export function naiveParabolicSar(
  bars: readonly Candle[],
  step: number,
  maximum: number,
): Record<'sar' | 'direction', Values> {
  const [sars, directions]: [(number | null)[], (number | null)[]] = [[null], [null]];
  let isUp = bars[0]!.high + bars[0]!.low <= bars[1]!.high + bars[1]!.low;
  let sar = isUp ? bars[0]!.low : bars[0]!.high;
  for (let begin = 0, n = 1; n < bars.length; n++) {
    const trend = bars.slice(begin, n);
    const extremes = trend.map((bar) => (isUp ? bar.high : -bar.low));
    const extreme = Math.max(...extremes);
    const news = extremes.filter((value, at) => at > 0 && value > Math.max(...extremes.slice(0, at))).length;
    sar += ((isUp ? extreme : -extreme) - sar) * Math.min(step * (1 + news), maximum);
    const before = bars.slice(Math.max(0, n - 2), n);
    sar = isUp ? Math.min(sar, lowest(before)) : Math.max(sar, highest(before));
    if (isUp ? bars[n]!.low < sar : bars[n]!.high > sar) {
      // The trend's extreme counts this bar too.
      sar = isUp ? highest(bars.slice(begin, n + 1)) : lowest(bars.slice(begin, n + 1));
      isUp = !isUp;
      begin = n;
    }
    sars.push(sar);
    directions.push(isUp ? 1 : -1);
  }
  return { sar: sars, direction: directions };
}

export function naiveSupertrend(
  bars: readonly Candle[],
  period: number,
  multiplier: number,
): Record<'line' | 'direction', Values> {
  const ranges = naiveAtr(bars, period);
  const band = (side: 1 | -1): number[] => {
    const band: number[] = [];
    for (const [n, { high, low }] of bars.entries()) {
      const basic = (high + low) / 2 + side * multiplier * (ranges[n] ?? Number.NaN);
      const last = band[n - 1] ?? Number.NaN;
      const isBroken = side * (bars[n - 1]?.close ?? Number.NaN) > side * last;
      band.push(Number.isNaN(last) || side * basic < side * last || isBroken ? basic : last);
    }
    return band;
  };
  const [upper, lower] = [band(1), band(-1)];
  const crossings = bars.map(({ close }, n) => (close > upper[n]! ? 1 : close < lower[n]! ? -1 : 0));
  /** That of the last bar that closed beyond the other band; downwards before any. */
  let direction = -1;
  const directions: Values = bars.map((_, n) => {
    if (direction === -1 ? crossings[n] === 1 : crossings[n] === -1) direction = -direction;
    return ranges[n] === null ? null : direction;
  });
  return {
    line: directions.map((up, n) => (up === null ? null : up === 1 ? lower[n]! : upper[n]!)),
    direction: directions,
  };
}
