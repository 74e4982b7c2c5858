/** Values that a window starts with room for; it doubles as needed. */
const CAPACITY_AT_START = 256;

/** Sums of two values over the last `windowMs` of event time. Exact where the values are integers. Plain data. */
export interface RollingSum {
  readonly windowMs: number;
  times: Float64Array;
  values: Float64Array;
  others: Float64Array;
  oldest: number;
  count: number;
  sum: number;
  otherSum: number;
}

export function createRollingSum(windowMs: number): RollingSum {
  return {
    windowMs,
    times: new Float64Array(CAPACITY_AT_START),
    values: new Float64Array(CAPACITY_AT_START),
    others: new Float64Array(CAPACITY_AT_START),
    oldest: 0,
    count: 0,
    sum: 0,
    otherSum: 0,
  };
}

export function clearRollingSum(rolling: RollingSum): void {
  rolling.oldest = 0;
  rolling.count = 0;
  rolling.sum = 0;
  rolling.otherSum = 0;
}

/** @param timeMs not before the one added last */
export function addToRollingSum(rolling: RollingSum, timeMs: number, value: number, other: number): void {
  if (rolling.count === rolling.times.length) grow(rolling);
  const at = (rolling.oldest + rolling.count) & (rolling.times.length - 1);
  rolling.times[at] = timeMs;
  rolling.values[at] = value;
  rolling.others[at] = other;
  rolling.count++;
  rolling.sum += value;
  rolling.otherSum += other;
}

/** Drops what is `windowMs` old or older at `nowMs`. */
export function advanceRollingSum(rolling: RollingSum, nowMs: number): void {
  const { times, values, others, windowMs } = rolling;
  while (rolling.count > 0 && times[rolling.oldest]! <= nowMs - windowMs) {
    rolling.sum -= values[rolling.oldest]!;
    rolling.otherSum -= others[rolling.oldest]!;
    rolling.oldest = (rolling.oldest + 1) & (times.length - 1);
    rolling.count--;
  }
}

function grow(rolling: RollingSum): void {
  const { oldest, count } = rolling;
  const unroll = (array: Float64Array): Float64Array => {
    const longer = new Float64Array(array.length * 2);
    for (let i = 0; i < count; i++) longer[i] = array[(oldest + i) & (array.length - 1)]!;
    return longer;
  };
  rolling.times = unroll(rolling.times);
  rolling.values = unroll(rolling.values);
  rolling.others = unroll(rolling.others);
  rolling.oldest = 0;
}
