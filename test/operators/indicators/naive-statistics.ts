import type { Pair } from '../../../operators/indicators/correlation.ts';
import { mean, sum, type Values, windows } from './naive-windows.ts';

// Each value anew from all inputs up to it, close to the definitions. null: warming up. Of integers, without rounding.

/** Distances from the mean, n times as large, which are integers then. */
function distances(window: readonly number[]): bigint[] {
  const values = window.map(BigInt);
  const total = values.reduce((a, b) => a + b, 0n);
  return values.map((value) => value * BigInt(values.length) - total);
}

const power = (values: readonly bigint[], exponent: bigint): number =>
  Number(values.reduce((total, value) => total + value ** exponent, 0n));

export const naiveVariance = (inputs: readonly number[], period: number): Values =>
  windows(inputs, period, (window) => power(distances(window), 2n) / period ** 3);

export const naiveSkewness = (inputs: readonly number[], period: number): Values =>
  windows(inputs, period, (window) => {
    const from = distances(window);
    const squares = power(from, 2n) / period;
    return squares === 0 ? 0 : power(from, 3n) / period / squares ** 1.5;
  });

export const naiveKurtosis = (inputs: readonly number[], period: number): Values =>
  windows(inputs, period, (window) => {
    const from = distances(window);
    const squares = power(from, 2n) / period;
    return squares === 0 ? 0 : power(from, 4n) / period / squares ** 2 - 3;
  });

export const naiveZScore = (inputs: readonly number[], period: number): Values =>
  windows(inputs, period, (window) => {
    const from = distances(window);
    const squares = power(from, 2n) / period;
    return squares === 0 ? 0 : Number(from.at(-1)!) / Math.sqrt(squares);
  });

/** Between the two next in order. */
export const naiveQuantile = (inputs: readonly number[], period: number, quantile: number): Values =>
  windows(inputs, period, (window) => {
    const sorted = window.toSorted((a, b) => a - b);
    const height = (period - 1) * quantile;
    const [lower, upper] = [sorted[Math.floor(height)]!, sorted[Math.ceil(height)]!];
    return lower + (height - Math.floor(height)) * (upper - lower);
  });

const products = (x: readonly bigint[], y: readonly bigint[]): number =>
  Number(x.reduce((total, value, n) => total + value * y[n]!, 0n));

export const naiveCorrelation = (pairs: readonly Pair[], period: number): Values =>
  windows(pairs, period, (window) => {
    const [x, y] = [distances(window.map((pair) => pair.x)), distances(window.map((pair) => pair.y))] as const;
    const scale = Math.sqrt(power(x, 2n)) * Math.sqrt(power(y, 2n));
    return scale === 0 ? 0 : products(x, y) / scale;
  });

export const naiveBeta = (pairs: readonly Pair[], period: number): Values =>
  windows(pairs, period, (window) => {
    const [x, y] = [distances(window.map((pair) => pair.x)), distances(window.map((pair) => pair.y))] as const;
    return power(x, 2n) === 0 ? 0 : products(x, y) / power(x, 2n);
  });

/** Slope, values at both ends, and 1 less the share of the squares that are left beside the line. */
export function naiveLinearRegression(
  inputs: readonly number[],
  period: number,
): Record<'slope' | 'intercept' | 'value' | 'r2', Values> {
  const places = Array.from({ length: period }, (_, n) => n - (period - 1) / 2);
  const slopeOf = (window: readonly number[]): number =>
    sum(window.map((x, n) => (x - window[0]!) * places[n]!)) / sum(places.map((place) => place ** 2));
  const lineAt = (window: readonly number[], n: number): number =>
    window[0]! + mean(window.map((x) => x - window[0]!)) + slopeOf(window) * places[n]!;
  return {
    slope: windows(inputs, period, slopeOf),
    intercept: windows(inputs, period, (window) => lineAt(window, 0)),
    value: windows(inputs, period, (window) => lineAt(window, period - 1)),
    r2: windows(inputs, period, (window) => {
      const average = mean(window.map((x) => x - window[0]!));
      const slope = slopeOf(window);
      const all = sum(window.map((x) => (x - window[0]! - average) ** 2));
      const left = sum(window.map((x, n) => (x - window[0]! - average - slope * places[n]!) ** 2));
      return all === 0 ? 0 : 1 - left / all;
    }),
  };
}
