/** Rows that a window starts with room for; it doubles as needed. */
const CAPACITY_AT_START = 64;

/**
 * Sums of the columns of rows that came in the last `windowMs` of event time. Each is held as two doubles, so that it
 * neither drifts nor depends on where it began (see `ExactSum`), of decimals too. Plain data.
 */
export interface TimedSums {
  readonly windowMs: number;
  /** Numbers in a row. */
  readonly width: number;
  times: Float64Array;
  rows: Float64Array;
  oldest: number;
  /** Rows in the window. */
  count: number;
  /** The sums, rounded. */
  readonly sums: Float64Array;
  /** What the sums could not hold. */
  readonly rests: Float64Array;
}

export function createTimedSums(windowMs: number, width: number): TimedSums {
  return {
    windowMs,
    width,
    times: new Float64Array(CAPACITY_AT_START),
    rows: new Float64Array(CAPACITY_AT_START * width),
    oldest: 0,
    count: 0,
    sums: new Float64Array(width),
    rests: new Float64Array(width),
  };
}

export function clearTimedSums(timed: TimedSums): void {
  timed.oldest = 0;
  timed.count = 0;
  timed.sums.fill(0);
  timed.rests.fill(0);
}

/**
 * @param timeMs not before the one added last
 * @param row as many numbers as the sums are wide
 */
export function addToTimedSums(timed: TimedSums, timeMs: number, row: readonly number[]): void {
  if (timed.count === timed.times.length) grow(timed);
  const { times, rows, width } = timed;
  const at = (timed.oldest + timed.count) & (times.length - 1);
  times[at] = timeMs;
  timed.count++;
  for (let column = 0; column < width; column++) {
    const value = row[column]!;
    rows[at * width + column] = value;
    if (value !== 0) add(timed, column, value);
  }
}

/** Drops what is `windowMs` old or older at `nowMs`. */
export function advanceTimedSums(timed: TimedSums, nowMs: number): void {
  const { times, rows, width, windowMs } = timed;
  while (timed.count > 0 && times[timed.oldest]! <= nowMs - windowMs) {
    const at = timed.oldest * width;
    for (let column = 0; column < width; column++) {
      const value = rows[at + column]!;
      if (value !== 0) add(timed, column, -value);
    }
    timed.oldest = (timed.oldest + 1) & (times.length - 1);
    timed.count--;
  }
}

/** As `addToExactSum`. */
function add({ sums, rests }: TimedSums, column: number, value: number): void {
  const before = sums[column]!;
  const high = before + value;
  const added = high - before;
  const rest = rests[column]! + (before - (high - added) + (value - added));
  const total = high + rest;
  const carried = total - high;
  sums[column] = total;
  rests[column] = high - (total - carried) + (rest - carried);
}

function grow(timed: TimedSums): void {
  const { times, rows, width, oldest, count } = timed;
  const longerTimes = new Float64Array(times.length * 2);
  const longerRows = new Float64Array(rows.length * 2);
  for (let n = 0; n < count; n++) {
    const from = (oldest + n) & (times.length - 1);
    longerTimes[n] = times[from]!;
    for (let column = 0; column < width; column++) longerRows[n * width + column] = rows[from * width + column]!;
  }
  timed.times = longerTimes;
  timed.rows = longerRows;
  timed.oldest = 0;
}
