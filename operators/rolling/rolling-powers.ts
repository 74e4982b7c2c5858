import { addToExactSum, createExactSum, type ExactSum } from './exact-sum.ts';
import { productError } from './product-error.ts';
import { createRecentValues, pushRecentValue, type RecentValues, recentValue } from './recent-values.ts';

/** Sums of the first four powers of what numbers are above a shift. */
interface PowerSums {
  shift: number;
  count: number;
  readonly sums: readonly [ExactSum, ExactSum, ExactSum, ExactSum];
}

/**
 * Skewness and kurtosis of the last `size` numbers, in constant time and without drift. Plain data.
 *
 * Powers are of distances from a number of the last two windows, and their sums begin anew with each window. Where the
 * numbers are integers less than 2^20 apart nothing is rounded before the end: the same wherever it began. Others keep nine
 * digits unless the window before was more than 10^4 standard deviations away.
 */
export interface RollingPowers {
  readonly recent: RecentValues;
  /** Of the window, once that is full. */
  whole: PowerSums;
  /** Of what came since its own shift was chosen; it takes the place of `whole` when that is the window. */
  next: PowerSums;
  /** How many of the last numbers are the same. */
  same: number;
}

export function createRollingPowers(size: number): RollingPowers {
  return { recent: createRecentValues(size), whole: createPowerSums(), next: createPowerSums(), same: 0 };
}

function createPowerSums(): PowerSums {
  return { shift: -0, count: 0, sums: [createExactSum(), createExactSum(), createExactSum(), createExactSum()] };
}

export function pushRollingPowers(powers: RollingPowers, value: number): void {
  const { recent, whole, next } = powers;
  const size = recent.values.length;
  powers.same = value === recentValue(recent, 1) ? Math.min(powers.same + 1, size) : 1;
  const oldest = pushRecentValue(recent, value);
  if (whole.count > 0) {
    addPowers(whole, oldest, -1);
    addPowers(whole, value, 1);
  }
  if (next.count === 0) next.shift = value;
  addPowers(next, value, 1);
  if (next.count < size) return;
  powers.whole = next;
  powers.next = whole;
  whole.count = 0;
  for (const sum of whole.sums) {
    sum.high = 0;
    sum.low = 0;
  }
}

/** @param sign −1 to take them away */
function addPowers(powers: PowerSums, value: number, sign: 1 | -1): void {
  const [first, second, third, fourth] = powers.sums;
  const distance = value - powers.shift;
  const square = distance * distance;
  const squareRest = productError(distance, distance);
  const cubeRest = productError(square, distance) + squareRest * distance;
  const fourthRest = productError(square, square) + 2 * square * squareRest;
  powers.count += sign;
  addToExactSum(first, sign * distance);
  addToExactSum(second, sign * square, sign * squareRest);
  addToExactSum(third, sign * square * distance, sign * cubeRest);
  addToExactSum(fourth, sign * square * square, sign * fourthRest);
}

/** Count, and sums of the first four powers of distances from about the mean: scratch, written anew by each reader. */
const CENTRED = [createExactSum(), createExactSum(), createExactSum(), createExactSum(), createExactSum()] as const;

/** @returns the mean of the distances that `CENTRED` has then, which is small beside most of them */
function centre({ count, sums }: PowerSums): number {
  CENTRED[0].high = count;
  for (let power = 1; power <= 4; power++) {
    CENTRED[power]!.high = sums[power - 1]!.high;
    CENTRED[power]!.low = sums[power - 1]!.low;
  }
  // A whole number, so that sums of integers stay what they are to the last digit, whatever the shift was.
  moveBy(Math.round(sums[0].high / count));
  const mean = CENTRED[1].high / count;
  // Else less than two digits are lost in what follows.
  if (CENTRED[1].high * mean > 0.9 * CENTRED[2].high) moveBy(mean);
  return CENTRED[1].high / count;
}

/** Σ(x − by)^k, from Σx^(k−j)(x − by)^j with j from 0 to k. */
function moveBy(by: number): void {
  if (by === 0) return;
  for (let step = 1; step <= 4; step++)
    for (let power = 4; power >= step; power--) {
      const { high, low } = CENTRED[power - 1]!;
      addToExactSum(CENTRED[power]!, -by * high, -(productError(by, high) + by * low));
    }
}

/** Of the population: M₃/M₂^1.5 with the central moments M. 0 where nothing moves. */
export function rollingSkewness({ whole, same }: RollingPowers): number {
  if (same >= whole.count) return 0;
  const mean = centre(whole);
  const [, first, second, third] = CENTRED;
  const squares = second.high - mean * first.high;
  const cubes = third.high - 3 * mean * second.high + 2 * mean * mean * first.high;
  if (squares <= 0) return 0;
  // No window has more; what rounding leaves of one that hardly moves may.
  const most = Math.sqrt(whole.count);
  return Math.max(-most, Math.min(most, (cubes / squares) * Math.sqrt(whole.count / squares)));
}

/** Of the population, less the 3 that a normal distribution has: M₄/M₂² − 3. 0 where nothing moves. */
export function rollingExcessKurtosis({ whole, same }: RollingPowers): number {
  if (same >= whole.count) return 0;
  const mean = centre(whole);
  const [, first, second, third, fourth] = CENTRED;
  const squares = second.high - mean * first.high;
  const fourths = fourth.high - mean * (4 * third.high - mean * (6 * second.high - 3 * mean * first.high));
  if (squares <= 0) return 0;
  return Math.max(-2, Math.min(whole.count - 3, (whole.count * (fourths / squares)) / squares - 3));
}
