/** By how much a bar of trades is more than its kline. */
export interface BarSurplus {
  readonly volume: number;
  readonly trades: number;
  /** Of volume, that is no difference. */
  readonly tolerance: number;
}

/** Bars within which late trades have all come: at ten of one minute, later than any that were seen. */
const BARS_MAX = 10;

/**
 * Which bars trades that came late explain: from one that lacks volume up to the bar at which all of it has come, in as
 * many trades. Trades are only late, so that on the way there is never more than was lacking.
 * @param surplus by time; undefined: not known, and nothing is explained across it
 */
export function lateBars(surplus: readonly (BarSurplus | undefined)[]): ReadonlySet<number> {
  const late = new Set<number>();
  for (let first = 0; first < surplus.length; first++) {
    const last = settledAt(surplus, first);
    if (last === undefined) continue;
    for (let n = first; n <= last; n++) late.add(n);
  }
  return late;
}

function settledAt(surplus: readonly (BarSurplus | undefined)[], first: number): number | undefined {
  let [volume, trades, tolerance] = [0, 0, 0];
  for (let n = first; n < first + BARS_MAX; n++) {
    const bar = surplus[n];
    if (bar === undefined) return undefined;
    volume += bar.volume;
    trades += bar.trades;
    tolerance = Math.max(tolerance, bar.tolerance);
    const isLacking = volume < -tolerance;
    if (isLacking) continue;
    return n > first && volume <= tolerance && trades === 0 ? n : undefined;
  }
  return undefined;
}
