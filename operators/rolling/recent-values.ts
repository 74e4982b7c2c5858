/** The last `values.length` numbers, used in a circle. Plain data. */
export interface RecentValues {
  readonly values: Float64Array;
  /** Where the next one goes: the place of the oldest, once it is full. */
  next: number;
  /** How many there were, at most as many as there is room for. */
  count: number;
}

export function createRecentValues(size: number): RecentValues {
  return { values: new Float64Array(size), next: 0, count: 0 };
}

/** @returns the value that it takes the place of; 0 while there is room */
export function pushRecentValue(recent: RecentValues, value: number): number {
  const { values, next } = recent;
  const oldest = values[next]!;
  values[next] = value;
  recent.next = next + 1 === values.length ? 0 : next + 1;
  if (recent.count < values.length) recent.count++;
  return oldest;
}

/** @param ago 1 for the last one pushed, at most as many as there is room for; 0 where there is none yet */
export function recentValue({ values, next }: RecentValues, ago: number): number {
  const at = next - ago;
  return values[at < 0 ? at + values.length : at]!;
}
