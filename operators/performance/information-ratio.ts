import { sharpeRatio } from './sharpe-ratio.ts';

/** Returns above those of the benchmark in the same periods. */
export function activeReturns(returns: ArrayLike<number>, benchmark: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    { length: Math.min(returns.length, benchmark.length) },
    (_, n) => returns[n]! - benchmark[n]!,
  );
}

/**
 * Information ratio: mean / σ of the returns above the benchmark's, times √N, with N the periods of a year. `null` below
 * two returns or where the difference is always the same.
 * @see Goodwin (1998), "The Information Ratio", Financial Analysts Journal 54(4).
 */
export function informationRatio(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  periodsPerYear = 1,
): number | null {
  return sharpeRatio(activeReturns(returns, benchmark), periodsPerYear);
}
