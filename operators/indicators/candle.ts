/** What indicators of a bar read of it. Prices in one unit, whichever it is: ticks where equality matters. */
export interface Candle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}
