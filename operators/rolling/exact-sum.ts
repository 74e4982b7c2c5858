/**
 * A sum that numbers are added to and taken from for as long as one likes, without drift: held as two doubles of which
 * the second is what the first could not hold (Knuth's TwoSum). Where the numbers are integers, as ticks and steps are,
 * it is exact up to 2^106 and does not depend on where it began. Plain data.
 * @see Hida, Li & Bailey (2001), "Algorithms for Quad-Double Precision Floating Point Arithmetic", ARITH-15.
 */
export interface ExactSum {
  /** The sum, rounded. */
  high: number;
  low: number;
}

export function createExactSum(): ExactSum {
  // Not 0: a field that begins as a small integer is made anew when the first fraction comes.
  return { high: -0, low: -0 };
}

/** @param rest what rounding has taken from `value` */
export function addToExactSum(sum: ExactSum, value: number, rest = 0): void {
  const before = sum.high;
  const high = before + value;
  const added = high - before;
  const low = sum.low + (before - (high - added) + (value - added) + rest);
  const total = high + low;
  const carried = total - high;
  sum.high = total;
  sum.low = high - (total - carried) + (low - carried);
}

/**
 * Adds one number and takes another away.
 * @param rest what rounding has taken from their difference before
 */
export function exchangeInExactSum(sum: ExactSum, newest: number, oldest: number, rest = 0): void {
  const difference = newest - oldest;
  const taken = difference - newest;
  addToExactSum(sum, difference, newest - (difference - taken) - (oldest + taken) + rest);
}
