import type { Gap } from '../../streams/events/gap.ts';
import type { InstrumentInfo } from '../../streams/events/instrument-info.ts';
import type { Kline } from '../../streams/events/kline.ts';
import type { Liquidation } from '../../streams/events/liquidation.ts';
import type { MarkPrice } from '../../streams/events/mark-price.ts';
import type { OpenInterest } from '../../streams/events/open-interest.ts';
import type { Trade } from '../../streams/events/trade.ts';
import type { BookBreak } from '../book/book-break.ts';
import type { Ladder } from '../book/ladder.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import type { Candle } from '../indicators/candle.ts';

/**
 * A valid book after a change, right before its `topOfBook`. The ladders are lent: a fold copies what it keeps, and
 * changes nothing.
 */
export interface DepthView {
  readonly type: 'depthView';
  readonly transactionTimeMs: number;
  readonly bids: Ladder;
  readonly asks: Ladder;
}

/**
 * A bar of the set's clock that has closed; prices in ticks, volume in steps. One of time comes before the trade that closed
 * it, which belongs to the next; any other right after its own last trade.
 */
export interface ClosedBar extends Candle {
  readonly type: 'bar';
  readonly openTimeMs: number;
  /** First instant after it; for bars that are not of time, when its last trade was. */
  readonly closeTimeMs: number;
}

/** The bars are interrupted: trades are missing, so that what was built on bars starts anew. */
export interface BarBreak {
  readonly type: 'barBreak';
}

/** The set is about to be asked for its values: windows of time reach up to here. Never before an earlier sample. */
export interface Sample {
  readonly type: 'sample';
  readonly timeMs: number;
}

/** A quote of the second instrument, where a feature is of two; in the order of both logs, by the ids of their entries. */
export interface OtherQuote {
  readonly type: 'otherQuote';
  readonly transactionTimeMs: number;
  /** Mean of best bid and best ask in the quote asset. */
  readonly midprice: number;
}

/** The book of the second instrument is not valid. */
export interface OtherBreak {
  readonly type: 'otherBreak';
}

/** What features are folded from, in log order. */
export type FeatureInput =
  | TopOfBook
  | BookBreak
  | OtherQuote
  | OtherBreak
  | DepthView
  | Trade
  | Kline
  | Gap
  | MarkPrice
  | Liquidation
  | OpenInterest
  | InstrumentInfo
  | ClosedBar
  | BarBreak
  | Sample;

export type FeatureInputType = FeatureInput['type'];

/** The inputs of these types. */
export type InputOf<Type extends FeatureInputType> = Extract<FeatureInput, { readonly type: Type }>;
