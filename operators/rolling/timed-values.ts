/** Values that there is room for at first; it doubles as needed. */
const CAPACITY_AT_START = 64;

/**
 * A value that changes now and then, as it was up to `windowMs` of event time ago: the changes of the window, and the
 * one before them. Plain data.
 */
export interface TimedValues {
  readonly windowMs: number;
  /** Used in a circle, as `values`. */
  times: Float64Array;
  values: Float64Array;
  oldest: number;
  count: number;
}

export function createTimedValues(windowMs: number): TimedValues {
  const [times, values] = [new Float64Array(CAPACITY_AT_START), new Float64Array(CAPACITY_AT_START)];
  return { windowMs, times, values, oldest: 0, count: 0 };
}

export function clearTimedValues(timed: TimedValues): void {
  timed.oldest = 0;
  timed.count = 0;
}

/** @param timeMs not before the one added last */
export function addTimedValue(timed: TimedValues, timeMs: number, value: number): void {
  if (timed.count === timed.times.length) grow(timed);
  const at = (timed.oldest + timed.count) & (timed.times.length - 1);
  timed.times[at] = timeMs;
  timed.values[at] = value;
  timed.count++;
}

/** Drops what was no longer the value `windowMs` before `nowMs`. */
export function advanceTimedValues(timed: TimedValues, nowMs: number): void {
  const mask = timed.times.length - 1;
  while (timed.count > 1 && timed.times[(timed.oldest + 1) & mask]! <= nowMs - timed.windowMs) {
    timed.oldest = (timed.oldest + 1) & mask;
    timed.count--;
  }
}

/** The value as it was `windowMs` before `nowMs`, up to which it was advanced; NaN where there was none yet. */
export function valueBefore({ times, values, oldest, count, windowMs }: TimedValues, nowMs: number): number {
  return count > 0 && times[oldest]! <= nowMs - windowMs ? values[oldest]! : Number.NaN;
}

/** The last value; NaN where there is none. */
export function lastTimedValue({ values, oldest, count }: TimedValues): number {
  return count > 0 ? values[(oldest + count - 1) & (values.length - 1)]! : Number.NaN;
}

function grow(timed: TimedValues): void {
  const { times, oldest, count } = timed;
  const unroll = (array: Float64Array): Float64Array => {
    const longer = new Float64Array(array.length * 2);
    for (let n = 0; n < count; n++) longer[n] = array[(oldest + n) & (array.length - 1)]!;
    return longer;
  };
  timed.values = unroll(timed.values);
  timed.times = unroll(times);
  timed.oldest = 0;
}
