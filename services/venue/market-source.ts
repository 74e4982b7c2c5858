import type { Instrument } from './instrument.ts';
import type { TradingMarket } from './trading-market.ts';

/** Where a source puts its frames; the venue wraps, faults, counts and delivers them. */
export interface FrameSink {
  /** True when a frame of this name would reach somebody, so that a source builds no text in vain. */
  readonly wants: (stream: string) => boolean;
  /** `payload` is the text of `data` in a combined frame. */
  readonly send: (stream: string, payload: string) => void;
  /** A whole combined frame as recorded, for a text that cannot be split into stream and payload. */
  readonly sendFrame: (stream: string, frame: string) => void;
  /** True while a client has more unread than a source in a hurry should add to. */
  readonly isCongested: () => boolean;
}

/** Query of `GET /fapi/v1/aggTrades`, checked already. Times in ms, both ends inclusive. */
export interface AggTradesQuery {
  readonly fromId: number | undefined;
  readonly startTimeMs: number | undefined;
  readonly endTimeMs: number | undefined;
  readonly limit: number;
}

/** Query of `GET /fapi/v1/klines` and `/fapi/v1/fundingRate`, checked already. */
export interface SpanQuery {
  readonly startTimeMs: number | undefined;
  readonly endTimeMs: number | undefined;
  readonly limit: number;
}

/**
 * A market behind the venue's protocol: the order-flow model or a replayed capture.
 * Answers are JSON texts, as their bytes matter; `undefined` means that this source cannot know.
 */
export interface MarketSource {
  readonly kind: 'model' | 'capture';
  readonly instruments: readonly Instrument[];
  /** The venue's clock, ms since the epoch. */
  readonly nowMs: () => number;
  /** Where accounts trade. */
  readonly trading: TradingMarket;
  readonly start: (sink: FrameSink) => void;
  /** Called at every SUBSCRIBE; a capture starts to play by it. */
  readonly subscribed: (streams: readonly string[]) => void;
  /** Starts a capture that waits; a market that runs already goes on. */
  readonly play: () => void;
  readonly close: () => void;
  readonly depth: (symbol: string, limit: number) => Promise<string>;
  readonly aggTrades: (symbol: string, query: AggTradesQuery) => string;
  readonly klines: (symbol: string, interval: string, query: SpanQuery) => string | undefined;
  readonly premiumIndex: (symbol: string) => string | undefined;
  readonly fundingRates: (symbol: string, query: SpanQuery) => string | undefined;
  readonly openInterest: (symbol: string) => string | undefined;
  /** Makes a liquidation order of `qty` base units; false when this source cannot. */
  readonly liquidate: (symbol: string, side: 'BUY' | 'SELL', qty: string) => boolean;
  /** What `/control/state` shows of the source. */
  readonly state: () => Record<string, unknown>;
}
