import type { BookTicker } from '../events/book-ticker.ts';
import type { MarketEvent } from '../events/decoder.ts';
import type { DepthSnapshot } from '../events/depth-snapshot.ts';
import type { DepthUpdate } from '../events/depth-update.ts';
import type { InstrumentInfo } from '../events/instrument-info.ts';
import type { Trade } from '../events/trade.ts';
import type { EntryId } from '../id.ts';

/** Kinds of events that a tape has columns for. */
export const DEPTH_UPDATE = 1;
export const DEPTH_SNAPSHOT = 2;
export const TRADE = 3;
/** All else, which is rare: held as it was decoded. */
export const OTHER = 4;

/** An event that is held as it was decoded; of the instrument's facts only what they are made of. */
export type OtherEvent =
  | Exclude<MarketEvent, DepthUpdate | DepthSnapshot | Trade | BookTicker | InstrumentInfo>
  | (Omit<InstrumentInfo, 'scale'> & { readonly tickSize: string; readonly stepSize: string });

/** Flags of a trade. */
export const IS_SELL = 1;
export const IS_AGGREGATE = 2;
export const IS_MARKET = 4;

/**
 * A decoded stretch of a log in columns, for many passes over it. It holds nothing that replaying the stretch would not
 * give; `bookTicker` events are left out, since no fold reads them. Plain data: the columns may be shared with other threads.
 *
 * A row is a price level of a depth event, or a trade.
 */
export interface Tape {
  /** Length of the columns of events, and of those of rows. */
  readonly events: number;
  readonly rows: number;
  readonly kinds: Uint8Array;
  readonly flags: Uint8Array;
  /** Entry of the log, in two numbers, and which event of it. */
  readonly entryMs: Float64Array;
  readonly entryN: Float64Array;
  readonly indexes: Uint32Array;
  /** µs since the epoch. */
  readonly receiveTimesUs: Float64Array;
  /** `T` of the venue, ms since the epoch; of a snapshot its event time, and of what is OTHER 0. */
  readonly transactionTimesMs: Float64Array;
  /** Depth updates: how much later their event time is, ms. */
  readonly eventDelaysMs: Float64Array;
  /** First, last and previous update id; trade id, first and last one; last update id; index into `others`. */
  readonly firstIds: Float64Array;
  readonly lastIds: Float64Array;
  readonly previousIds: Float64Array;
  /** First row of each event, and how many are bids; the rest up to the next event's are asks. */
  readonly rowStarts: Uint32Array;
  readonly bidCounts: Uint32Array;
  /** Price in ticks and quantity in steps, by row. */
  readonly ticks: Float64Array;
  readonly steps: Float64Array;
  readonly others: readonly OtherEvent[];
}

/** Entry of the log that an event of the tape is of. */
export function entryIdOn({ entryMs, entryN }: Tape, event: number): EntryId {
  return `${entryMs[event]}-${entryN[event]}`;
}
