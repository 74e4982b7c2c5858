const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Length of every kline interval of USD-M futures; a month has its calendar length, of which this is the typical one. */
export const KLINE_INTERVALS_MS: ReadonlyMap<string, number> = new Map([
  ['1m', MINUTE_MS],
  ['3m', 3 * MINUTE_MS],
  ['5m', 5 * MINUTE_MS],
  ['15m', 15 * MINUTE_MS],
  ['30m', 30 * MINUTE_MS],
  ['1h', 60 * MINUTE_MS],
  ['2h', 120 * MINUTE_MS],
  ['4h', 240 * MINUTE_MS],
  ['6h', 360 * MINUTE_MS],
  ['8h', 480 * MINUTE_MS],
  ['12h', 720 * MINUTE_MS],
  ['1d', DAY_MS],
  ['3d', 3 * DAY_MS],
  ['1w', 7 * DAY_MS],
  ['1M', 30 * DAY_MS],
]);

/** Opening time of the bar that holds `timeMs`: weeks open on Monday, months on the first, all in UTC. */
export function openTimeOf(interval: string, timeMs: number): number {
  if (interval === '1M') {
    const date = new Date(timeMs);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  }
  const lengthMs = KLINE_INTERVALS_MS.get(interval) as number;
  // The epoch was a Thursday; the first Monday after it is four days on.
  const offsetMs = interval === '1w' ? 4 * DAY_MS : 0;
  return Math.floor((timeMs - offsetMs) / lengthMs) * lengthMs + offsetMs;
}

/** Opening time of the bar after the one that opens at `openTimeMs`. */
export function nextOpenTimeOf(interval: string, openTimeMs: number): number {
  if (interval === '1M') return openTimeOf('1M', openTimeMs + 32 * DAY_MS);
  return openTimeMs + (KLINE_INTERVALS_MS.get(interval) as number);
}
