/** Mean, deviation and shape of some numbers. `null` where too few numbers are there to say. */
export interface Moments {
  readonly count: number;
  readonly mean: number | null;
  /** Of a sample: divided by n − 1. `null` below two numbers, 0 where all are the same. */
  readonly deviation: number | null;
  /** m₃ / m₂^1.5 with moments divided by n; 0 for a normal distribution. `null` where all are the same. */
  readonly skewness: number | null;
  /** m₄ / m₂² with moments divided by n; 3 for a normal distribution (not the excess). `null` where all are the same. */
  readonly kurtosis: number | null;
}

/** Where the numbers differ by less than this share of the greatest, it is by rounding only: they count as the same. */
const ROUNDING = 1e-13;

export function moments(values: ArrayLike<number>): Moments {
  const count = values.length;
  if (count === 0) return { count, mean: null, deviation: null, skewness: null, kurtosis: null };
  const middle = meanOf(values);
  let [second, third, fourth, greatest] = [0, 0, 0, 0];
  for (let n = 0; n < count; n++) {
    const off = values[n]! - middle;
    second += off * off;
    third += off ** 3;
    fourth += off ** 4;
    greatest = Math.max(greatest, Math.abs(values[n]!));
  }
  if (count === 1) return { count, mean: middle, deviation: null, skewness: null, kurtosis: null };
  const variance = second / count;
  if (Math.sqrt(variance) <= ROUNDING * greatest)
    return { count, mean: middle, deviation: 0, skewness: null, kurtosis: null };
  return {
    count,
    mean: middle,
    deviation: Math.sqrt(second / (count - 1)),
    skewness: third / count / variance ** 1.5,
    kurtosis: fourth / count / variance ** 2,
  };
}

/** Arithmetic mean of at least one number. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let n = 0; n < values.length; n++) sum += values[n]!;
  return sum / values.length;
}
