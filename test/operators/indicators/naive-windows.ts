import type { Candle } from '../../../operators/indicators/candle.ts';

// What the plain recomputations are made of.

/** One for each input. null: nothing is said. */
export type Values = readonly (number | null)[];

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
/** For each input, from what its last `period` are; null while there are fewer. */
export const windows = <Input>(
  inputs: readonly Input[],
  period: number,
  of: (window: readonly Input[]) => number,
): Values => inputs.map((_, n) => (n + 1 < period ? null : of(inputs.slice(n + 1 - period, n + 1))));
/** Of what is not null, with as many null in front. */
export function behind(inputs: Values, of: (inputs: readonly number[]) => Values): Values {
  const known = inputs.filter((value) => value !== null);
  return [...Array<null>(inputs.length - known.length).fill(null), ...of(known)];
}
export const zip = (a: Values, b: Values, of: (a: number, b: number) => number): Values =>
  a.map((value, n) => (value === null || b[n] === null ? null : of(value, b[n]!)));

/** Wilder's average: the mean of the first `period`, from which each later input moves it by a `period`th. */
export const wilder = (inputs: readonly number[], period: number): Values =>
  inputs.map((_, n) => {
    if (n + 1 < period) return null;
    const rest = inputs.slice(period, n + 1);
    return rest.reduce((average, value) => average + (value - average) / period, mean(inputs.slice(0, period)));
  });

/** Of the first bar, from its low to its high. */
export const trueRanges = (bars: readonly Candle[]): number[] =>
  bars.map(({ high, low }, n) => {
    const last = bars[n - 1]?.close;
    return last === undefined ? high - low : Math.max(high - low, Math.abs(high - last), Math.abs(low - last));
  });

/** Of all up to each. */
export const running = (values: readonly number[]): Values => values.map((_, n) => sum(values.slice(0, n + 1)));

/** Of each bar and the one before it, so that there is one less. */
export const steps = <Bar>(bars: readonly Bar[], of: (bar: Bar, last: Bar) => number): number[] =>
  bars.slice(1).map((bar, n) => of(bar, bars[n]!));
