import type { Instrument } from '../../streams/instrument.ts';

/** The venue's paths: mixing their classes on one socket gets silence, not an error (binance.md 1.1). */
export type Route = 'public' | 'market';

/** One WebSocket subscription, and where its events go. */
export interface Topic {
  /** As the venue names it in `stream`, lower case: `btcusdt@depth@100ms`. */
  readonly stream: string;
  /** `venue:SYMBOL`. */
  readonly instrument: string;
  readonly symbol: string;
  /** Field name of its events in the log. */
  readonly channel: string;
  readonly route: Route;
}

/** Channels that come over WebSocket, in the order in which they are subscribed. */
export const STREAMED_CHANNELS = ['depth', 'bookTicker', 'aggTrade', 'kline_1m', 'markPrice', 'forceOrder'] as const;

/** Binance allows 1024 streams a connection; fewer keep one lost socket from silencing everything. */
const TOPICS_PER_CONNECTION_MAX = 200;

/**
 * What to subscribe to for the instruments.
 *
 * @param depthSpeed update speed of the depth channel as the venue spells it: `100ms`, `250ms`, `500ms`
 */
export function topicsOf(instruments: readonly Instrument[], depthSpeed: string): Topic[] {
  return instruments.flatMap(({ name: instrument, symbol }) => {
    const name = symbol.toLowerCase();
    const topic = (channel: string, suffix: string, route: Route): Topic => ({
      stream: `${name}@${suffix}`,
      instrument,
      symbol,
      channel,
      route,
    });
    // 250 ms is the venue's default speed and has no suffix of its own.
    const depthSuffix = depthSpeed === '250ms' ? 'depth' : `depth@${depthSpeed}`;
    return [
      topic('depth', depthSuffix, 'public'),
      topic('bookTicker', 'bookTicker', 'public'),
      topic('aggTrade', 'aggTrade', 'market'),
      topic('kline_1m', 'kline_1m', 'market'),
      topic('markPrice', 'markPrice@1s', 'market'),
      topic('forceOrder', 'forceOrder', 'market'),
    ];
  });
}

/** The topics of each connection: one route each, and all topics of an instrument and route on the same one. */
export function connectionPlan(topics: readonly Topic[]): Topic[][] {
  return (['public', 'market'] as const).flatMap((route) => {
    const plan: Topic[][] = [];
    for (const [, ofInstrument] of Map.groupBy(
      topics.filter((topic) => topic.route === route),
      (topic) => topic.instrument,
    )) {
      const last = plan.at(-1);
      const hasRoom = last !== undefined && last.length + ofInstrument.length <= TOPICS_PER_CONNECTION_MAX;
      if (hasRoom) last.push(...ofInstrument);
      else plan.push([...ofInstrument]);
    }
    return plan;
  });
}
