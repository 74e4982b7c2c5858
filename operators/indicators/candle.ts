/** What indicators of a bar read of it. Prices in one unit, whichever it is: ticks where equality matters. */
export interface Candle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** For indicators that start anew at some time. */
export interface TimedCandle extends Candle {
  /** When the bar began, ms since the Unix epoch. */
  readonly openTimeMs: number;
}
