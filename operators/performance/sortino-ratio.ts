import { meanOf } from './moments.ts';

/**
 * Sortino ratio: mean / √(Σ min(r, 0)² / n), times √N, with N the periods of a year; the return to be beaten is 0.
 * `null` without returns or without a loss.
 * @see Sortino & Price (1994), "Performance Measurement in a Downside Risk Framework", J. Investing 3(3).
 */
export function sortinoRatio(returns: ArrayLike<number>, periodsPerYear = 1): number | null {
  let squares = 0;
  for (let n = 0; n < returns.length; n++) squares += Math.min(returns[n]!, 0) ** 2;
  if (squares === 0) return null;
  return (meanOf(returns) / Math.sqrt(squares / returns.length)) * Math.sqrt(periodsPerYear);
}
