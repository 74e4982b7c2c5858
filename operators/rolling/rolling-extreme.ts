/**
 * The largest of the last `size` numbers, in constant time on average: kept are those that may still become it, which are
 * the ones that no later one has reached. Plain data. For the smallest, push the negatives.
 * @see Lemire (2006), "Streaming maximum-minimum filter using no more than three comparisons per element".
 */
export interface RollingMaximum {
  readonly size: number;
  /** Used in a circle, largest first. */
  readonly values: Float64Array;
  /** When each came, as a count of pushes. */
  readonly pushes: Float64Array;
  first: number;
  count: number;
  pushed: number;
}

export function createRollingMaximum(size: number): RollingMaximum {
  let room = 1;
  while (room < size) room *= 2;
  return { size, values: new Float64Array(room), pushes: new Float64Array(room), first: 0, count: 0, pushed: 0 };
}

/** @returns the maximum with this value */
export function pushRollingMaximum(maximum: RollingMaximum, value: number): number {
  const { values, pushes, size } = maximum;
  const mask = values.length - 1;
  let { first, count } = maximum;
  if (count > 0 && pushes[first]! <= maximum.pushed - size) {
    first = (first + 1) & mask;
    count--;
  }
  while (count > 0 && values[(first + count - 1) & mask]! <= value) count--;
  values[(first + count) & mask] = value;
  pushes[(first + count) & mask] = maximum.pushed;
  maximum.first = first;
  maximum.count = count + 1;
  maximum.pushed++;
  return values[first]!;
}

/** Pushes since the maximum came, of equal ones since the last: 0 where the last value is it. */
export function pushesSinceMaximum({ pushes, first, pushed }: RollingMaximum): number {
  return pushed - 1 - pushes[first]!;
}
