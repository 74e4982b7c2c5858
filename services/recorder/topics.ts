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

/** What is subscribed where nothing else is asked for. `trade` is known too: captures have it instead of aggTrade. */
export const DEFAULT_CHANNELS = ['depth', 'bookTicker', 'aggTrade', 'kline_1m', 'markPrice', 'forceOrder'] as const;

const KLINE = /^kline_(1m|3m|5m|15m|30m|1h|2h|4h|6h|8h|12h|1d|3d|1w|1M)$/;

/** The stream's suffix and route of each channel that comes over WebSocket; undefined: there is no such channel. */
function subscriptionOf(channel: string, depthSpeed: string): { suffix: string; route: Route } | undefined {
  switch (channel) {
    case 'depth':
      // 250 ms is the venue's default speed and has no suffix of its own.
      return { suffix: depthSpeed === '250ms' ? 'depth' : `depth@${depthSpeed}`, route: 'public' };
    case 'bookTicker':
      return { suffix: 'bookTicker', route: 'public' };
    case 'markPrice':
      return { suffix: 'markPrice@1s', route: 'market' };
    case 'aggTrade':
    case 'trade':
    case 'forceOrder':
      return { suffix: channel, route: 'market' };
    default:
      return KLINE.test(channel) ? { suffix: channel, route: 'market' } : undefined;
  }
}

/** True where the recorder knows how to subscribe to the channel. */
export function isStreamedChannel(channel: string): boolean {
  return subscriptionOf(channel, '100ms') !== undefined;
}

/** Binance allows 1024 streams a connection; fewer keep one lost socket from silencing everything. */
const TOPICS_PER_CONNECTION_MAX = 200;

/**
 * What to subscribe to for the instruments.
 *
 * @param depthSpeed update speed of the depth channel as the venue spells it: `0ms`, `100ms`, `250ms`, `500ms`
 * @throws where a channel is not known
 */
export function topicsOf(
  instruments: readonly Instrument[],
  depthSpeed: string,
  channels: readonly string[] = DEFAULT_CHANNELS,
): Topic[] {
  return instruments.flatMap(({ name, symbol }) =>
    channels.map((channel): Topic => {
      const subscription = subscriptionOf(channel, depthSpeed);
      if (subscription === undefined) throw new Error(`channel: expected a streamed channel, found "${channel}"`);
      const stream = `${symbol.toLowerCase()}@${subscription.suffix}`;
      return { stream, instrument: name, symbol, channel, route: subscription.route };
    }),
  );
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
