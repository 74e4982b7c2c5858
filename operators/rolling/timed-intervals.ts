/**
 * Event time in intervals that are counted from the epoch, so that they are the same wherever a recording began. Plain
 * data.
 */
export interface TimedIntervals {
  readonly intervalMs: number;
  /** The one that goes on; −1 before the first event. */
  current: number;
}

export function createTimedIntervals(intervalMs: number): TimedIntervals {
  return { intervalMs, current: -1 };
}

export function clearTimedIntervals(intervals: TimedIntervals): void {
  intervals.current = -1;
}

/**
 * Ends the intervals that are over at `timeMs`. What comes out of order belongs to the one that goes on.
 * @param most how many ended intervals matter, besides the one that went on: behind a longer pause no more are ended
 * @param end is called for each, oldest first; the first since the start is not whole
 */
export function passIntervals(intervals: TimedIntervals, timeMs: number, most: number, end: () => void): void {
  const now = Math.floor(timeMs / intervals.intervalMs);
  if (now <= intervals.current) return;
  const ended = intervals.current < 0 ? 0 : Math.min(now - intervals.current, most + 1);
  for (let n = 0; n < ended; n++) end();
  intervals.current = now;
}
