import { meanOf } from './moments.ts';
import { type BootstrapOptions, resample } from './stationary-bootstrap.ts';

/** Whether the best of all that was tried is better than the benchmark, or only the luckiest. */
export interface RealityCheck {
  /** Probability of a best mean as great as this where none is better than the benchmark. `null`: nothing to check. */
  readonly pValue: number | null;
  /** Place of the strategy with the greatest mean. */
  readonly best: number;
  /** Its mean return above the benchmark, a period. */
  readonly bestMean: number;
}

/**
 * White's reality check: V = max √n f̄ₖ against the same of resampled series about their own means, max √n (f̄ₖ* − f̄ₖ);
 * the p-value is the share of those that are V or above.
 * @param active returns above the benchmark's, one list a strategy, all of the same periods
 * @see White (2000), "A Reality Check for Data Snooping", Econometrica 68(5).
 */
export function realityCheck(active: readonly ArrayLike<number>[], options: BootstrapOptions): RealityCheck {
  const count = active[0]?.length ?? 0;
  if (count === 0) return { pValue: null, best: -1, bestMean: 0 };
  const means = active.map((returns) => meanOf(returns));
  const bestMean = means.reduce((most, mean) => Math.max(most, mean));
  const best = means.indexOf(bestMean);
  if (count < 2 || options.samples < 1) return { pValue: null, best, bestMean };
  const places = new Int32Array(count);
  let above = 0;
  for (let sample = 0; sample < options.samples; sample++) {
    resample(places, options.blockLength, options.uniform);
    const isAbove = active.some((returns, k) => meanAt(returns, places) - means[k]! >= bestMean);
    if (isAbove) above++;
  }
  return { pValue: above / options.samples, best, bestMean };
}

function meanAt(values: ArrayLike<number>, places: Int32Array): number {
  let sum = 0;
  for (const place of places) sum += values[place]!;
  return sum / places.length;
}
