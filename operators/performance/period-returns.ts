/** Returns of equal periods, each counted from a multiple of its length since the epoch: days are days of UTC. */
export interface PeriodReturns {
  readonly periodMs: number;
  /** End of each period, ms since the epoch. */
  readonly endsMs: readonly number[];
  /** What there was at each end. */
  readonly values: readonly number[];
  /** Share of what there was at the start: 0.01 is a gain of 1 %. */
  readonly returns: readonly number[];
  /** The value came to 0 or below: the series ends with that period, of which the return is −1 or less. */
  readonly isRuined: boolean;
}

export interface Samples {
  /** ms since the epoch, not going back. */
  readonly timesMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/**
 * Simple returns from samples taken at any times: r = V(end) / V(start) − 1, where V is the last sample at or before.
 * A period without a sample keeps the value before it. The first and the last period may be cut by the span's ends, and
 * count as they are.
 */
export function periodReturns(
  { timesMs, values: sampled }: Samples,
  { periodMs, fromMs, toMs, initial }: { periodMs: number; fromMs: number; toMs: number; initial?: number },
): PeriodReturns {
  const [endsMs, values, returns]: [number[], number[], number[]] = [[], [], []];
  let before = initial ?? sampled[0];
  let isRuined = before !== undefined && before <= 0;
  let value = before;
  let next = 0;
  for (let end = (Math.floor(fromMs / periodMs) + 1) * periodMs; !isRuined; end += periodMs) {
    if (before === undefined || value === undefined || end - periodMs >= toMs) break;
    while (next < timesMs.length && timesMs[next]! <= end) value = sampled[next++]!;
    endsMs.push(end);
    values.push(value);
    returns.push(value / before - 1);
    isRuined = value <= 0;
    before = value;
  }
  return { periodMs, endsMs, values, returns, isRuined };
}

const [SECOND_MS, MINUTE_MS, HOUR_MS, DAY_MS] = [1_000, 60_000, 3_600_000, 86_400_000];
const PERIODS_MS = [
  DAY_MS,
  4 * HOUR_MS,
  HOUR_MS,
  15 * MINUTE_MS,
  5 * MINUTE_MS,
  MINUTE_MS,
  10 * SECOND_MS,
  SECOND_MS,
] as const;
/** Enough to say something of their spread. */
export const PERIODS_MIN = 60;

/** The longest usual period, in ms, of which a span has at least {@link PERIODS_MIN}: days from 60 days on, at least 1 s. */
export function usualPeriodMs(spanMs: number): number {
  return PERIODS_MS.find((periodMs) => spanMs / periodMs >= PERIODS_MIN) ?? SECOND_MS;
}
