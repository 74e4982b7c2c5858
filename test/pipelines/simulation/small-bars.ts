import { createScale } from '../../../streams/events/scale.ts';
import { type BarTape, barsBetween } from '../../../streams/tape/bar-tape.ts';
import { createBarTapeBuilder } from '../../../streams/tape/bar-tape-builder.ts';

export const MINUTE_MS = 60_000;
export const MINUTE_US = 60_000_000;
/** A multiple of a day. */
export const START_MS = 86_400_000;
/** A tick is 1 and a step is 1: candles are written in them. */
export const SCALE = createScale('1', '1');

/** Open, high, low, close and volume of a minute; undefined: it is missing. */
export type Candle = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** Candles of a minute from `START_MS` on, and settlements at so many ms behind it. */
export function barsOf(
  candles: readonly (Candle | undefined)[],
  settlements: readonly (readonly [afterMs: number, rate: number])[] = [],
): BarTape {
  const builder = createBarTapeBuilder('1m', MINUTE_MS, SCALE);
  for (const [n, candle] of candles.entries()) {
    if (candle === undefined) continue;
    const [open, high, low, close, volume = 1_000] = candle;
    builder.push({
      type: 'kline',
      interval: '1m',
      openTimeMs: START_MS + n * MINUTE_MS,
      open,
      high,
      low,
      close,
      volume: Number.isNaN(volume) ? null : volume,
      quoteVolume: null,
      buyVolume: null,
      trades: null,
      isClosed: true,
    });
  }
  for (const [afterMs, fundingRate] of settlements)
    builder.push({ type: 'fundingRate', fundingTimeMs: START_MS + afterMs, fundingRate });
  return builder.take({ firstEntryId: '1-0', lastEntryId: '9-0' });
}

/** The same candles in parts that end before these numbers. */
export function partsOf(bars: BarTape, ends: readonly number[]): BarTape[] {
  const all = [...ends, bars.openTimesMs.length];
  return all.map((end, n) => barsBetween(bars, n === 0 ? 0 : all[n - 1]!, end));
}
