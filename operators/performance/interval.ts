import { normalQuantile } from './normal.ts';

/** Where a figure lies with the given confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0.95: in 95 of 100 such samples the interval holds the true figure. */
  readonly level: number;
}

/** Between the percentiles (1 − level) / 2 and (1 + level) / 2 of simulated figures; `null` without any. */
export function percentileInterval(sorted: ArrayLike<number>, level: number): Interval | null {
  if (sorted.length === 0) return null;
  const tail = (1 - level) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail), level };
}

/** Quantile of at least one number in ascending order, between neighbours in proportion (Hyndman & Fan's type 7). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const value = sorted[below]!;
  return value + (place - below) * ((sorted[below + 1] ?? value) - value);
}

/**
 * Interval of a share from `hits` of `count` tries; it holds for few tries too. `null` without a try.
 * @see Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22.
 */
export function wilsonInterval(hits: number, count: number, level = 0.95): Interval | null {
  if (count === 0) return null;
  const z = normalQuantile((1 + level) / 2);
  const share = hits / count;
  const middle = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const half = (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half), level };
}
