import type { MarketEvent } from '../events/decoder.ts';
import type { FundingRate } from '../events/funding-rate.ts';
import type { Kline } from '../events/kline.ts';
import type { Scale } from '../events/scale.ts';
import type { BarTape, FundingColumns } from './bar-tape.ts';

/** Makes a bar tape of decoded events in log order. */
export interface BarTapeBuilder {
  push(event: MarketEvent): void;
  /** @param entries first and last entry of the span */
  take(entries: { readonly firstEntryId: string; readonly lastEntryId: string }): BarTape;
}

/** Values of a candle: its columns in their order. */
const WIDTH = 6;
const INT32_MAX = 2 ** 31 - 1;

/**
 * Takes closed candles of one interval. One that came already, or comes late, is passed over.
 * @param interval such as `5m`; with its length in ms
 * @param scale of all of them: prices are rounded to ticks, and volumes to steps
 */
export function createBarTapeBuilder(interval: string, intervalMs: number, scale: Scale): BarTapeBuilder {
  const rows: number[] = [];
  const rates = new Map<number, number>();
  const tick = scale.price.toNumber(1);
  const step = scale.qty.toNumber(1);
  let lastOpenMs = Number.NEGATIVE_INFINITY;

  function addKline(kline: Kline): void {
    const { openTimeMs, open, high, low, close, volume, isClosed } = kline;
    if (!isClosed || kline.interval !== interval || openTimeMs <= lastOpenMs) return;
    lastOpenMs = openTimeMs;
    const ticks = (price: number): number => Math.round(price / tick);
    const steps = volume === null ? Number.NaN : Math.round(volume / step);
    rows.push(openTimeMs, ticks(open), ticks(high), ticks(low), ticks(close), steps);
  }

  function addFunding({ fundingTimeMs, fundingRate }: FundingRate): void {
    rates.set(fundingTimeMs, fundingRate);
  }

  function column(n: number): Float64Array {
    const values = new Float64Array(rows.length / WIDTH);
    for (let row = 0; row < values.length; row++) values[row] = rows[row * WIDTH + n]!;
    return values;
  }

  /** Whole numbers of 32 bits where they fit: what is made of them needs no memory beside it for each number. */
  function priceColumn(n: number): BarTape['open'] {
    const prices = column(n);
    return prices.every((ticks) => ticks <= INT32_MAX) ? Int32Array.from(prices) : prices;
  }

  function funding(): FundingColumns {
    const settled = [...rates].sort(([one], [other]) => one - other);
    return {
      timesMs: Float64Array.from(settled, ([timeMs]) => timeMs),
      rates: Float64Array.from(settled, ([, rate]) => rate),
    };
  }

  return {
    push(event) {
      if (event.type === 'kline') addKline(event);
      else if (event.type === 'fundingRate') addFunding(event);
    },
    take: (entries) => ({
      intervalMs,
      ...entries,
      openTimesMs: column(0),
      open: priceColumn(1),
      high: priceColumn(2),
      low: priceColumn(3),
      close: priceColumn(4),
      volume: column(5),
      funding: funding(),
    }),
  };
}
