import type { Candle } from '../../../operators/indicators/candle.ts';
import { behind, mean, running, sum, trueRanges, type Values, wilder, windows, zip } from './naive-windows.ts';

// Each value anew from all inputs up to it, close to the definitions. null: warming up.

export const naiveSma = (inputs: readonly number[], period: number): Values => windows(inputs, period, mean);

/** Σ α(1 − α)^k x_{n−k}, what is before the first input being the first input, from which all is counted. */
export const naiveEma = (inputs: readonly number[], period: number, alpha = 2 / (period + 1)): Values =>
  inputs.map((_, n) => {
    if (n + 1 < period) return null;
    const past = inputs.slice(1, n + 1).reverse();
    return sum(past.map((value, k) => alpha * (1 - alpha) ** k * (value - inputs[0]!))) + inputs[0]!;
  });

export const naiveWma = (inputs: readonly number[], period: number): Values =>
  windows(inputs, period, (window) => sum(window.map((x, n) => x * (n + 1))) / sum(window.map((_, n) => n + 1)));

export function naiveDema(inputs: readonly number[], period: number): Values {
  const first = naiveEma(inputs, period);
  const second = behind(first, (known) => naiveEma(known, period));
  return zip(first, second, (a, b) => 2 * a - b);
}

export function naiveTema(inputs: readonly number[], period: number): Values {
  const first = naiveEma(inputs, period);
  const second = behind(first, (known) => naiveEma(known, period));
  const third = behind(second, (known) => naiveEma(known, period));
  return zip(
    zip(first, second, (a, b) => 3 * a - 3 * b),
    third,
    (a, b) => a + b,
  );
}

export function naiveHma(inputs: readonly number[], period: number): Values {
  const raw = zip(
    naiveWma(inputs, Math.floor(period / 2)),
    naiveWma(inputs, period),
    (half, whole) => 2 * half - whole,
  );
  return behind(raw, (known) => naiveWma(known, Math.floor(Math.sqrt(period))));
}

export function naiveKama(inputs: readonly number[], period: number): Values {
  let average = 0;
  return inputs.map((value, n) => {
    if (n < period) {
      average = value;
      return n + 1 === period ? value : null;
    }
    const path = sum(inputs.slice(n - period + 1, n + 1).map((x, k) => Math.abs(x - inputs[n - period + k]!)));
    const efficiency = path === 0 ? 1 : Math.abs(value - inputs[n - period]!) / path;
    average += (efficiency * (2 / 3 - 2 / 31) + 2 / 31) ** 2 * (value - average);
    return average;
  });
}

export function naiveMacd(inputs: readonly number[], fast: number, slow: number, signal: number): Values[] {
  const isAppels = fast === 12 && slow === 26;
  const of = (period: number, alpha: number): Values =>
    naiveEma(inputs, 1, isAppels ? alpha : 2 / (period + 1)).map((value, n) => (n + 1 < slow ? null : value));
  const line = zip(of(fast, 0.15), of(slow, 0.075), (a, b) => a - b);
  const smooth = behind(line, (known) => naiveEma(known, 1, 2 / (signal + 1)));
  return [line, smooth, zip(line, smooth, (a, b) => a - b)];
}

export function naiveRsi(inputs: readonly number[], period: number): Values {
  const changes = inputs.slice(1).map((value, n) => value - inputs[n]!);
  const up = wilder(
    changes.map((change) => Math.max(change, 0)),
    period,
  );
  const down = wilder(
    changes.map((change) => Math.max(-change, 0)),
    period,
  );
  return [null, ...zip(up, down, (a, b) => (a + b === 0 ? 50 : (100 * a) / (a + b)))];
}

/** Lower, middle, upper. */
export function naiveBollingerBands(inputs: readonly number[], period: number, deviations: number): Values[] {
  const distance = windows(inputs, period, (window) => {
    const middle = mean(window);
    return deviations * Math.sqrt(mean(window.map((value) => (value - middle) ** 2)));
  });
  const middle = naiveSma(inputs, period);
  return [zip(middle, distance, (a, b) => a - b), middle, zip(middle, distance, (a, b) => a + b)];
}

/** k and d. */
export function naiveStochastic(bars: readonly Candle[], period: number, slowing: number, signal: number): Values[] {
  const fast = bars.map(({ close }, n) => {
    if (n + 1 < period) return null;
    const window = bars.slice(n + 1 - period, n + 1);
    const [highest, lowest] = [Math.max(...window.map(({ high }) => high)), Math.min(...window.map(({ low }) => low))];
    return highest === lowest ? 0 : (100 * (close - lowest)) / (highest - lowest);
  });
  const k = behind(fast, (known) => naiveSma(known, slowing));
  const d = behind(k, (known) => naiveSma(known, signal));
  return [zip(k, d, (a) => a), d];
}

export const naiveAtr = (bars: readonly Candle[], period: number): Values => wilder(trueRanges(bars), period);

/** ADX, +DI, −DI. */
export function naiveAdx(bars: readonly Candle[], period: number): Values[] {
  const ranges = trueRanges(bars).slice(1);
  const moves = bars.slice(1).map(({ high, low }, n) => [high - bars[n]!.high, bars[n]!.low - low] as const);
  /** Wilder's sum: begins as that of period − 1 values, then loses a period-th of itself. */
  const wilderSum = (values: readonly number[]): Values =>
    values.map((_, n) => {
      if (n + 2 < period) return null;
      const start = sum(values.slice(0, period - 1));
      return values.slice(period - 1, n + 1).reduce((total, value) => total - total / period + value, start);
    });
  const range = wilderSum(ranges);
  const plus = wilderSum(moves.map(([up, down]) => (up > 0 && up >= down ? up : 0)));
  const minus = wilderSum(moves.map(([up, down]) => (down > 0 && down >= up ? down : 0)));
  const plusDi = zip(plus, range, (a, b) => (b === 0 ? 0 : (100 * a) / b));
  const minusDi = zip(minus, range, (a, b) => (b === 0 ? 0 : (100 * a) / b));
  const index = zip(plusDi, minusDi, (a, b) => (a + b === 0 ? 0 : (100 * Math.abs(a - b)) / (a + b)));
  const adx = behind(index, (known) => wilder(known, period));
  const from = (values: Values): Values => [null, ...zip(values, adx, (a) => a)];
  return [from(adx), from(plusDi), from(minusDi)];
}

export const naiveMomentum = (inputs: readonly number[], period: number): Values =>
  inputs.map((value, n) => (n < period ? null : value - inputs[n - period]!));

/** Lower, middle, upper. */
export function naiveDonchianChannel(bars: readonly Candle[], period: number): Values[] {
  const lower = windows(
    bars.map(({ low }) => low),
    period,
    (window) => Math.min(...window),
  );
  const upper = windows(
    bars.map(({ high }) => high),
    period,
    (window) => Math.max(...window),
  );
  return [lower, zip(lower, upper, (a, b) => (a + b) / 2), upper];
}

export function naiveWilliamsR(bars: readonly Candle[], period: number): Values {
  const [lower, , upper] = naiveDonchianChannel(bars, period) as [Values, Values, Values];
  const range = zip(lower, upper, (a, b) => b - a);
  const below = upper.map((value, n) => (value === null ? null : value - bars[n]!.close));
  return zip(below, range, (a, b) => (b === 0 ? 0 : (-100 * a) / b));
}

export const naiveObv = (bars: readonly Candle[]): Values =>
  running(bars.map(({ close, volume }, n) => (n === 0 ? 0 : Math.sign(close - bars[n - 1]!.close) * volume)));

export const naiveAccumulationDistribution = (bars: readonly Candle[]): Values =>
  running(
    bars.map(({ high, low, close, volume }) =>
      high === low ? 0 : (volume * (close - low - (high - close))) / (high - low),
    ),
  );
