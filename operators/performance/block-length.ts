import { meanOf, moments } from './moments.ts';

/** A correlation counts as none below 2 √(log₁₀ n / n). */
const SIGNIFICANT = 2;

/**
 * Mean length of the blocks, in returns, by which the stationary bootstrap says most of a mean: about 1 where returns do
 * not depend on each other, more the longer they do. At most min(3 √n, n / 3). 1 where all returns are the same.
 *
 * b = (2 Ĝ² / D̂)^⅓ n^⅓, D̂ = 2 ĝ(0)², with sums of autocovariances R(k) under a flat-top window:
 * Ĝ = Σ λ(k/M) |k| R(k), ĝ(0) = Σ λ(k/M) R(k), M twice the lag after which correlations are none.
 *
 * @see Politis & White (2004), "Automatic Block-Length Selection for the Dependent Bootstrap", Econometric Reviews 23(1);
 * corrected by Patton, Politis & White (2009), Econometric Reviews 28(4).
 */
export function blockLength(returns: ArrayLike<number>): number {
  const count = returns.length;
  if (count < 4 || !moments(returns).deviation) return 1;
  const mean = meanOf(returns);
  const offs = Float64Array.from(returns, (value) => value - mean);
  const lags = lastLag(offs);
  const covariances = Array.from({ length: lags + 1 }, (_, lag) => autocovariance(offs, lag));
  let [weighted, spectrum] = [0, covariances[0]!];
  for (let lag = 1; lag <= lags; lag++) {
    const window = 2 * Math.min(1, 2 * (1 - lag / lags)) * covariances[lag]!;
    weighted += window * lag;
    spectrum += window;
  }
  const longest = Math.ceil(Math.min(3 * Math.sqrt(count), count / 3));
  const length = Math.cbrt((weighted / spectrum) ** 2 * count);
  return Number.isFinite(length) ? Math.max(1, Math.min(longest, length)) : longest;
}

/** M: twice the first lag m that is followed by K insignificant correlations. */
function lastLag(offs: Float64Array): number {
  const count = offs.length;
  const inRow = Math.max(5, Math.ceil(Math.sqrt(Math.log10(count))));
  const longest = Math.min(count - 1, Math.ceil(Math.sqrt(count)) + inRow);
  const bound = SIGNIFICANT * Math.sqrt(Math.log10(count) / count) * autocovariance(offs, 0);
  let last = 0;
  for (let lag = 1; lag <= Math.min(longest, last + inRow); lag++)
    if (Math.abs(autocovariance(offs, lag)) >= bound) last = lag;
  return Math.min(2 * Math.max(1, last), longest);
}

/** @param offs differences from the mean */
function autocovariance(offs: Float64Array, lag: number): number {
  let sum = 0;
  for (let n = lag; n < offs.length; n++) sum += offs[n]! * offs[n - lag]!;
  return sum / offs.length;
}
