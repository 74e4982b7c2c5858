import { quantile } from '../performance/interval.ts';
import { resample, type Uniform } from '../performance/stationary-bootstrap.ts';

/** A gain beside what was to be expected of as long a time. */
export interface ReturnDrift {
  /** The return that 99 of 100 such times would be above after that test, and the middle one. */
  readonly lowest: number;
  readonly median: number;
  /** `too-few`: there are not enough periods to say. `drifted`: below the lowest. */
  readonly verdict: 'too-few' | 'usual' | 'drifted';
}

const SAMPLES = 1_000;
const LOWEST_SHARE = 0.01;
/** Periods of the test, and of the time that is held against it. */
const [TESTED_LEAST, FOUND_LEAST] = [20, 5];

interface Blocks {
  /** Mean length of a block of periods, at least 1. */
  readonly blockLength: number;
  readonly uniform: Uniform;
}

/**
 * Whether an agent does worse than its test lets expect.
 * @param tested returns of the test's periods, in order
 * @param periods of the same length that passed since
 * @param found return over them: 0.01 is a gain of 1 %
 */
export function returnDrift(tested: readonly number[], periods: number, found: number, options: Blocks): ReturnDrift {
  if (tested.length < TESTED_LEAST || periods < FOUND_LEAST)
    return { lowest: Number.NaN, median: Number.NaN, verdict: 'too-few' };
  const totals = Float64Array.from(resampledTotals(tested, periods, options)).sort();
  const lowest = quantile(totals, LOWEST_SHARE);
  return { lowest, median: quantile(totals, 0.5), verdict: found < lowest ? 'drifted' : 'usual' };
}

/**
 * Returns of so many periods as the test lets expect them. The test's own mean is not known better than the test is long:
 * each is moved by how far the mean of a test that came otherwise would be from that of this one.
 */
function* resampledTotals(tested: readonly number[], periods: number, { blockLength, uniform }: Blocks) {
  // Nothing is left of an account that lost everything, whatever comes.
  const logs = tested.map((one) => Math.log1p(Math.max(one, -1 + 1e-12)));
  const count = logs.length;
  const sum = (places: Int32Array): number => places.reduce((so, place) => so + logs[place % count]!, 0);
  const mean = logs.reduce((so, log) => so + log, 0) / count;
  const [others, times] = [new Int32Array(count), new Int32Array(Math.max(count, periods))];
  for (let n = 0; n < SAMPLES; n++) {
    resample(others, blockLength, uniform);
    resample(times, blockLength, uniform);
    yield Math.expm1(sum(times.subarray(0, periods)) + periods * (sum(others) / count - mean));
  }
}
