import { alphaBeta } from '../../../operators/performance/alpha-beta.ts';
import { type BarFeatures, barFeatures } from '../../../pipelines/environment/bar-features.ts';
import { indexFrom } from '../../../pipelines/environment/bar-span.ts';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import { type BarTape, barsBetween } from '../../../streams/tape/bar-tape.ts';
import type { BarData, Span } from '../run/bar-data.ts';

/** A feature whose value at a close is another one when the candles after it are not there: no one can know it live. */
export interface ForeknownFeature {
  readonly column: string;
  /** The candle's close, ms since the epoch. */
  readonly timeMs: number;
  readonly told: number;
  /** By the candles up to there; null: no such feature can be computed of them. */
  readonly known: number | null;
}

/** A feature that tells the next candle as hardly anything does, and nothing of the one after. */
export interface TellingFeature {
  readonly column: string;
  /** With the next candle's return, over the training span. */
  readonly correlation: number;
  /** Of the value a candle before. */
  readonly late: number;
}

/** How often the candles are cut. */
const CUTS = 4;

/**
 * Computes the features again of the candles up to some times, as they would have been known then, and names those that are
 * not the same: one place each.
 */
export function foreknownFeatures(
  { config, bars, scale, features }: BarData,
  compute = (some: BarTape): BarFeatures =>
    barFeatures({ bars: some, scale, features: config.features as readonly WantedFeature[] }),
): ForeknownFeature[] {
  const { openTimesMs, intervalMs } = bars;
  const { columns, values } = features;
  const found = new Map<string, ForeknownFeature>();
  for (let cut = 1; cut <= CUTS; cut++) {
    const count = Math.floor((openTimesMs.length * cut) / (CUTS + 1));
    const known = compute(barsBetween(bars, 0, count));
    for (const [place, column] of columns.entries()) {
      const own = known.columns.indexOf(column);
      const valueAt = (row: number): number => (own < 0 ? Number.NaN : known.values[row * known.columns.length + own]!);
      // What looks ahead least is found at the end.
      for (let row = count - 1; row >= 0 && !found.has(column); row--) {
        const told = values[row * columns.length + place]!;
        if (Object.is(told, valueAt(row)) || told === valueAt(row)) continue;
        const its = own < 0 || Number.isNaN(valueAt(row)) ? null : valueAt(row);
        found.set(column, { column, timeMs: openTimesMs[row]! + intervalMs, told, known: its });
      }
    }
  }
  return [...found.values()];
}

/** No feature of a market that is traded is known to come near. */
const CORRELATION_MAX = 0.3;
/** What is true of the market is so a candle later too. */
const LATE_SHARE_MIN = 0.5;

export function tellingFeatures({ bars, features }: BarData, { fromMs, toMs }: Span): TellingFeature[] {
  const { close, openTimesMs } = bars;
  const { columns, values } = features;
  const from = Math.max(1, indexFrom(openTimesMs, fromMs));
  const to = indexFrom(openTimesMs, toMs) - 1;
  const next = Array.from({ length: Math.max(0, to - from) }, (_, n) => close[from + n + 1]! / close[from + n]! - 1);
  return columns
    .map((column, place) => {
      const before = (bars: number): number[] =>
        next.map((_, n) => values[(from + n - bars) * columns.length + place]!);
      return { column, correlation: correlationOf(before(0), next), late: correlationOf(before(1), next) };
    })
    .filter(
      ({ correlation, late }) =>
        Math.abs(correlation) > CORRELATION_MAX && Math.abs(late) < LATE_SHARE_MIN * Math.abs(correlation),
    );
}

/** Of the pairs in which both are numbers; 0 where one of them is always the same. */
function correlationOf(one: readonly number[], other: readonly number[]): number {
  const places = one.flatMap((value, n) => (Number.isNaN(value) ? [] : [n]));
  const [x, y] = [one, other].map((list) => places.map((n) => list[n]!));
  return alphaBeta(x!, y!, 1)?.correlation ?? 0;
}
