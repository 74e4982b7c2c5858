import { moments } from './moments.ts';

/**
 * Volatility a year, as a share: σ √N, with σ the sample deviation of the returns and N the periods of a year. It takes
 * the returns for independent. `null` below two returns.
 */
export function volatility(returns: ArrayLike<number>, periodsPerYear: number): number | null {
  const { deviation } = moments(returns);
  return deviation === null ? null : deviation * Math.sqrt(periodsPerYear);
}
