import { moments } from './moments.ts';

/**
 * Sharpe ratio: mean / σ of the returns, times √N, with N the periods of a year (1: of one period). Nothing is taken off
 * for a riskless return: the margin of a futures account earns none. `null` below two returns or where all are the same.
 * @see Sharpe (1994), "The Sharpe Ratio", J. Portfolio Management 21(1).
 */
export function sharpeRatio(returns: ArrayLike<number>, periodsPerYear = 1): number | null {
  const { mean, deviation } = moments(returns);
  return mean === null || !deviation ? null : (mean / deviation) * Math.sqrt(periodsPerYear);
}
