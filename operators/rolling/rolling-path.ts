import { createExactSum, type ExactSum, exchangeInExactSum } from './exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from './recent-values.ts';

/** How far the last `size` changes went, to and fro, and where they led. Plain data. */
export interface RollingPath {
  readonly numbers: RecentValues;
  /** Absolute changes from one number to the next. */
  readonly changes: RecentValues;
  readonly length: ExactSum;
  /** NaN before the first. */
  last: number;
  /** The last number less that of `size` numbers before; 0 while there is none. */
  net: number;
}

export function createRollingPath(size: number): RollingPath {
  return {
    numbers: createRecentValues(size),
    changes: createRecentValues(size),
    length: createExactSum(),
    last: Number.NaN,
    net: -0,
  };
}

export function pushRollingPath(path: RollingPath, value: number): void {
  const { numbers, changes, length } = path;
  const isFull = numbers.count === numbers.values.length;
  if (numbers.count > 0) {
    const change = Math.abs(value - path.last);
    exchangeInExactSum(length, change, pushRecentValue(changes, change));
  }
  const first = pushRecentValue(numbers, value);
  path.net = isFull ? value - first : 0;
  path.last = value;
}
