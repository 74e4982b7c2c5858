/** A clock that a machine which stands still stops as well. */
export interface HalfSeconds {
  /** So many have passed. */
  readonly count: () => number;
  readonly stop: () => void;
}

/** Counts half seconds by a timer of this process: where the machine is busy it is as late as the timers of what is tested. */
export function countHalfSeconds(): HalfSeconds {
  let count = 0;
  const timer = setInterval(() => count++, 500);
  return {
    count: () => count,
    stop: () => clearInterval(timer),
  };
}
