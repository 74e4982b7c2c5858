import type { Samples } from './period-returns.ts';

/** One fall of the equity below its highest point until it is there again. */
export interface Drawdown {
  /** From peak to trough, quote asset, above 0. */
  readonly amount: number;
  /** Of the peak: 0.1 is 10 %; above 1 where the equity went below 0. */
  readonly share: number;
  /** Last sample at the peak, ms since the epoch. */
  readonly peakMs: number;
  readonly troughMs: number;
  /** `null`: not before the end. */
  readonly recoveredMs: number | null;
  /** From the peak to the recovery, or to the end. */
  readonly durationMs: number;
}

export interface Drawdowns {
  /** By its share of the peak; `null` where the equity never fell, or never was above 0. */
  readonly deepest: Drawdown | null;
  readonly longest: Drawdown | null;
  /** Share of the time below the highest point so far; `null` for an empty span. */
  readonly underWater: number | null;
}

/** Falls of an equity sampled at any times; a sample holds until the next, the last one until `toMs`. */
export function drawdowns({ timesMs, values }: Samples, toMs: number): Drawdowns {
  const falls: Drawdown[] = [];
  let [peak, peakMs, trough, troughMs, waterMs] = [Number.NEGATIVE_INFINITY, 0, 0, 0, 0];
  const close = (recoveredMs: number | null): void => {
    if (trough >= peak || peak <= 0) return;
    const [amount, durationMs] = [peak - trough, (recoveredMs ?? toMs) - peakMs];
    falls.push({ amount, share: amount / peak, peakMs, troughMs, recoveredMs, durationMs });
  };
  for (let n = 0; n < timesMs.length; n++) {
    const [timeMs, value] = [timesMs[n]!, values[n]!];
    if (value >= peak) {
      if (n > 0) close(timeMs);
      [peak, peakMs, trough, troughMs] = [value, timeMs, value, timeMs];
    } else {
      if (value < trough) [trough, troughMs] = [value, timeMs];
      waterMs += (timesMs[n + 1] ?? toMs) - timeMs;
    }
  }
  if (timesMs.length > 0) close(null);
  const spanMs = toMs - (timesMs[0] ?? toMs);
  return {
    deepest: greatest(falls, ({ share }) => share),
    longest: greatest(falls, ({ durationMs }) => durationMs),
    underWater: spanMs > 0 ? waterMs / spanMs : null,
  };
}

function greatest(falls: readonly Drawdown[], of: (fall: Drawdown) => number): Drawdown | null {
  return falls.reduce<Drawdown | null>((most, fall) => (most === null || of(fall) > of(most) ? fall : most), null);
}

/** The deepest fall of a path that begins at 1 and grows by each return, as a share of its highest point. */
export function maxDrawdownOfReturns(returns: ArrayLike<number>): number {
  let [value, peak, deepest] = [1, 1, 0];
  for (let n = 0; n < returns.length; n++) {
    value *= 1 + returns[n]!;
    if (value > peak) peak = value;
    else deepest = Math.max(deepest, 1 - value / peak);
  }
  return deepest;
}
