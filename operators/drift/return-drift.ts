import { quantile } from '../performance/interval.ts';
import { bootstrap, type Uniform } from '../performance/stationary-bootstrap.ts';

/** A gain beside what was to be expected of as long a time. */
export interface ReturnDrift {
  /** Of as many periods of the test, resampled in blocks: the return that 99 of 100 of them are above, and the middle one. */
  readonly lowest: number;
  readonly median: number;
  /** `too-few`: there are not enough periods to say. `drifted`: below the lowest. */
  readonly verdict: 'too-few' | 'usual' | 'drifted';
}

const SAMPLES = 1_000;
const LOWEST_SHARE = 0.01;
/** Periods of the test, and of the time that is held against it. */
const [TESTED_LEAST, FOUND_LEAST] = [20, 5];

/**
 * Whether an agent does worse than its test lets expect.
 * @param tested returns of the test's periods, in order
 * @param periods of the same length that passed since
 * @param found return over them: 0.01 is a gain of 1 %
 */
export function returnDrift(
  tested: readonly number[],
  periods: number,
  found: number,
  { blockLength, uniform }: { readonly blockLength: number; readonly uniform: Uniform },
): ReturnDrift {
  if (tested.length < TESTED_LEAST || periods < FOUND_LEAST)
    return { lowest: Number.NaN, median: Number.NaN, verdict: 'too-few' };
  // The test's returns, as often as need be to be as many.
  const length = Math.max(periods, tested.length);
  const source = Array.from({ length }, (_, n) => tested[n % tested.length]!);
  const total = ([returns]: readonly Float64Array[]): number =>
    returns!.subarray(0, periods).reduce((wealth, one) => wealth * (1 + one), 1) - 1;
  const [totals] = bootstrap([source], [total], { samples: SAMPLES, blockLength, uniform });
  const lowest = quantile(totals!, LOWEST_SHARE);
  return { lowest, median: quantile(totals!, 0.5), verdict: found < lowest ? 'drifted' : 'usual' };
}
