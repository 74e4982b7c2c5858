/**
 * The closed candles of a recording in columns, and the funding that it holds, for many passes over them. Plain data: the
 * columns may be shared with other threads.
 */
export interface BarTape {
  /** Length of a candle, ms. */
  readonly intervalMs: number;
  /** First and last entry of the log that it was made of. */
  readonly firstEntryId: string;
  readonly lastEntryId: string;
  /** ms since the epoch, each above the one before; where one is missing, there is a hole. */
  readonly openTimesMs: Float64Array;
  /** Prices in ticks. */
  readonly open: Int32Array | Float64Array;
  readonly high: Int32Array | Float64Array;
  readonly low: Int32Array | Float64Array;
  readonly close: Int32Array | Float64Array;
  /** Steps that were traded; NaN where the source does not say it. */
  readonly volume: Float64Array;
  readonly funding: FundingColumns;
}

/** Settlements in order of time, equally long columns. */
export interface FundingColumns {
  /** ms since the epoch, each above the one before. */
  readonly timesMs: Float64Array;
  /** Ratios of the position's value; positive: longs pay shorts. */
  readonly rates: Float64Array;
}

/** Candles from one number to another, the second not included; the columns are views, and funding stays whole. */
export function barsBetween(bars: BarTape, from: number, to: number): BarTape {
  return {
    ...bars,
    openTimesMs: bars.openTimesMs.subarray(from, to),
    open: bars.open.subarray(from, to),
    high: bars.high.subarray(from, to),
    low: bars.low.subarray(from, to),
    close: bars.close.subarray(from, to),
    volume: bars.volume.subarray(from, to),
  };
}
