const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The venue's intervals; a month has no fixed length and is known by its closing times only. */
const INTERVAL_MS: Readonly<Record<string, number>> = {
  '1s': 1_000,
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': 7 * DAY_MS,
};

export const KLINE_INTERVALS: readonly string[] = [...Object.keys(INTERVAL_MS), '1M'];

/** Length in ms; 0 for a month. */
export function intervalMsOf(interval: string): number {
  return INTERVAL_MS[interval] ?? 0;
}

/** The interval of candles by the most common distance of their open times; undefined where it is none of the venue's. */
export function intervalOfOpenTimes(openTimesMs: readonly number[]): string | undefined {
  const counts = new Map<number, number>();
  for (let i = 1; i < openTimesMs.length; i++) {
    const distance = openTimesMs[i]! - openTimesMs[i - 1]!;
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  const common = [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? Number.NaN;
  const isMonth = common >= 28 * DAY_MS && common <= 31 * DAY_MS;
  return isMonth ? '1M' : KLINE_INTERVALS.find((interval) => INTERVAL_MS[interval] === common);
}
