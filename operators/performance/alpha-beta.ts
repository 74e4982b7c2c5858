import { meanOf, moments } from './moments.ts';

/** Returns explained by those of holding the instrument: r = α + β b + ε, by least squares. */
export interface AlphaBeta {
  /** Mean return that the instrument's moves do not explain, a year, as a share (not compounded). */
  readonly alpha: number;
  /** Return for each return of the instrument: 1 moves as it does, 0 apart from it, below 0 against it. */
  readonly beta: number;
  /** −1 to 1; `null` where the strategy's returns are all the same. */
  readonly correlation: number | null;
}

/**
 * `null` below three returns, or where the instrument's are all the same.
 * @param benchmark returns of the same periods from holding the instrument
 * @see Jensen (1968), "The Performance of Mutual Funds in the Period 1945–1964", J. Finance 23(2); no riskless return.
 */
export function alphaBeta(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  periodsPerYear: number,
): AlphaBeta | null {
  const deviation = moments(benchmark).deviation;
  if (returns.length < 3 || returns.length !== benchmark.length || !deviation) return null;
  const [mean, benchmarkMean] = [meanOf(returns), meanOf(benchmark)];
  let covariance = 0;
  for (let n = 0; n < returns.length; n++) covariance += (returns[n]! - mean) * (benchmark[n]! - benchmarkMean);
  covariance /= returns.length - 1;
  const beta = covariance / deviation ** 2;
  const own = moments(returns).deviation;
  return {
    alpha: (mean - beta * benchmarkMean) * periodsPerYear,
    beta,
    correlation: own ? Math.max(-1, Math.min(1, covariance / (own * deviation))) : null,
  };
}
