import type { BackoffOptions } from './backoff.ts';
import type { ChannelClockOptions } from './channel-clock.ts';
import { DEFAULT_CHANNELS } from './topics.ts';

/** Where the venue is: undefined addresses are Binance's own, as the SDK knows them. */
export interface VenueAddress {
  readonly wsUrl: string | undefined;
  readonly testnet: boolean;
}

export interface FeedSettings {
  readonly venue: VenueAddress;
  readonly halfOpenAfterMs: number;
  /** Age at which a connection is replaced by an overlapping one. */
  readonly renewAfterMs: number;
  readonly reconnect: BackoffOptions;
  /** Between renewals while channels stay silent or renewals fail. */
  readonly renewal: BackoffOptions;
  readonly silence: (channel: string) => ChannelClockOptions;
}

/** Everything about recording that a test or a configuration may turn; times in ms. */
export interface RecorderSettings extends FeedSettings {
  readonly restUrl: string | undefined;
  /** Streamed channels, as the log names them. */
  readonly channels: readonly string[];
  /** Update speed of the depth channel as the venue spells it. */
  readonly depthSpeed: string;
  readonly handshakesMax: number;
  readonly handshakeWindowMs: number;
  readonly weightPerMinuteMax: number;
  readonly restTimeoutMs: number;
  readonly snapshotEveryMs: number;
  readonly openInterestEveryMs: number;
  readonly instrumentEveryMs: number;
  readonly clockSkewEveryMs: number;
  readonly refillTimeoutMs: number;
  /** Longest aggTrade hole that is refilled, in trades. */
  readonly refillTradesMax: number;
  /** aggTrades held back behind a refill, per instrument. */
  readonly heldTradesMax: number;
  readonly spoolBytesMax: number;
  readonly spoolEventsMax: number;
  readonly batchEventsMax: number;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/**
 * How long each channel may be silent. markPrice comes each second whatever the market does; forceOrder may stay away for
 * days; the others follow the market, so their limit grows with the pace they showed.
 */
const SILENCE: Readonly<Record<string, ChannelClockOptions>> = {
  depth: { silentAfterMs: 2 * SECOND_MS, silentAfterIntervals: 20 },
  bookTicker: { silentAfterMs: 5 * SECOND_MS, silentAfterIntervals: 100 },
  aggTrade: { silentAfterMs: 15 * SECOND_MS, silentAfterIntervals: 100 },
  trade: { silentAfterMs: 15 * SECOND_MS, silentAfterIntervals: 100 },
  kline: { silentAfterMs: 15 * SECOND_MS, silentAfterIntervals: 50 },
  markPrice: { silentAfterMs: 3.5 * SECOND_MS },
  forceOrder: { silentAfterMs: undefined },
};

export const DEFAULT_SETTINGS: RecorderSettings = {
  venue: { wsUrl: undefined, testnet: false },
  restUrl: undefined,
  channels: DEFAULT_CHANNELS,
  depthSpeed: '100ms',
  halfOpenAfterMs: 4 * SECOND_MS,
  // Binance ends a connection after 24 h; its own connector renews at 23 h (binance.md 1.2).
  renewAfterMs: 23 * HOUR_MS,
  reconnect: { firstMs: 250, maxMs: 30 * SECOND_MS },
  renewal: { firstMs: 10 * SECOND_MS, maxMs: 5 * MINUTE_MS },
  silence: (channel) => SILENCE[channel.startsWith('kline_') ? 'kline' : channel] ?? { silentAfterMs: undefined },
  // Binance's ceiling is 300 in 5 min an address; see handshake-budget.ts.
  handshakesMax: 60,
  handshakeWindowMs: 5 * MINUTE_MS,
  // Of Binance's 2400 a minute, the rest is left to trading.
  weightPerMinuteMax: 1_600,
  restTimeoutMs: 5 * SECOND_MS,
  snapshotEveryMs: MINUTE_MS,
  openInterestEveryMs: 15 * SECOND_MS,
  instrumentEveryMs: 24 * HOUR_MS,
  clockSkewEveryMs: MINUTE_MS,
  refillTimeoutMs: MINUTE_MS,
  // 200 calls of 1000 trades, 4000 weight: 2.5 minutes of the budget.
  refillTradesMax: 200_000,
  heldTradesMax: 50_000,
  spoolBytesMax: 64 * 1024 * 1024,
  spoolEventsMax: 200_000,
  batchEventsMax: 512,
};
