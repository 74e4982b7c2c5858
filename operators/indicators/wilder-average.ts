/**
 * Wilder's average: the mean of the first `period` values, from which each later one moves it by a `period`th. Plain data.
 * @see Wilder (1978), "New Concepts in Technical Trading Systems", section III.
 */
export interface WilderAverage {
  /** The sum of the values until there are `period`. */
  average: number;
  count: number;
}

export function createWilderAverage(): WilderAverage {
  return { average: -0, count: 0 };
}

export function pushWilderAverage(state: WilderAverage, period: number, value: number): void {
  if (state.count === period) state.average += (value - state.average) / period;
  else {
    state.average += value;
    if (++state.count === period) state.average /= period;
  }
}
