import type { Fault } from './line-sink.ts';
import type { PayloadIdentity } from './payload-identity.ts';

/** The channel that a payload belongs to, or why it has none. */
export type ChannelReading =
  | { readonly kind: 'channel'; readonly channel: string }
  | { readonly kind: 'unsupported'; readonly name: string }
  | { readonly kind: 'fault'; readonly fault: Fault };

const CHANNEL_OF_EVENT: Readonly<Record<string, string>> = {
  depthUpdate: 'depth',
  aggTrade: 'aggTrade',
  trade: 'trade',
  bookTicker: 'bookTicker',
  markPriceUpdate: 'markPrice',
  forceOrder: 'forceOrder',
};

const EVENT_OF_CHANNEL = Object.fromEntries(
  Object.entries(CHANNEL_OF_EVENT).map(([event, channel]) => [channel, event]),
);

/** `btcusdt@depth@100ms` → `depth`; the stream's name says it even where the payload's `e` is missing. */
const STREAM = /^[^@]*@?(depth|aggTrade|trade|bookTicker|markPrice|forceOrder|kline)(?:_(\w+))?(?:@.*)?$/;

/** Channel of a combined stream's name; undefined where it is none that Don records. */
export function channelOfStream(stream: string | undefined): string | undefined {
  if (stream === undefined) return undefined;
  const match = STREAM.exec(stream.replace(/^!/, '@'));
  if (match === null) return undefined;
  return match[1] === 'kline' ? `kline_${match[2] ?? ''}` : match[1];
}

/** @param stream name of the combined stream; undefined where the payload stands alone */
export function channelOf(payload: PayloadIdentity, stream: string | undefined): ChannelReading {
  if (stream === undefined) return channelOfBare(payload);
  const match = STREAM.exec(stream.replace(/^!/, '@'));
  if (match === null) return { kind: 'unsupported', name: `stream ${kindOfStream(stream)}` };
  const [, name = '', suffix] = match;
  if (name === 'kline') return klineChannel(payload, suffix);
  if (payload.event === EVENT_OF_CHANNEL[name] || (name === 'bookTicker' && payload.event === undefined))
    return { kind: 'channel', channel: name };
  return wrongEvent(name, EVENT_OF_CHANNEL[name] ?? name, payload.event);
}

/** `btcusdt@depth20` → `depth20`; `!ticker@arr` stays. */
function kindOfStream(stream: string): string {
  return stream.startsWith('!') ? stream.slice(0, 40) : stream.slice(stream.indexOf('@') + 1).slice(0, 40);
}

function channelOfBare(payload: PayloadIdentity): ChannelReading {
  const { event } = payload;
  if (event === 'kline') return klineChannel(payload, payload.interval);
  if (event !== undefined) {
    const channel = CHANNEL_OF_EVENT[event];
    return channel === undefined ? { kind: 'unsupported', name: event } : { kind: 'channel', channel };
  }
  const channel = channelOfRestAnswer(payload);
  if (channel !== undefined) return { kind: 'channel', channel };
  if (payload.has('result') || payload.has('id')) return { kind: 'unsupported', name: 'answer to a request' };
  return wrongEvent(undefined, 'an event name', undefined);
}

/** REST answers, and spot's bookTicker, have no `e`. */
function channelOfRestAnswer(payload: PayloadIdentity): string | undefined {
  const hasAll = (...keys: Parameters<PayloadIdentity['has']>[0][]): boolean => keys.every((key) => payload.has(key));
  if (payload.has('lastUpdateId')) return 'depthSnapshot';
  if (hasAll('a', 'f', 'l', 'T')) return 'aggTrade';
  if (hasAll('u', 'b', 'B', 'a', 'A')) return 'bookTicker';
  if (hasAll('openInterest', 'time')) return 'openInterest';
  if (hasAll('fundingRate', 'fundingTime')) return 'fundingRate';
  return undefined;
}

function klineChannel(payload: PayloadIdentity, interval: string | undefined): ChannelReading {
  if (payload.event !== 'kline') return wrongEvent(undefined, 'kline', payload.event);
  if (interval === undefined)
    return { kind: 'fault', fault: { field: 'k/i', expected: 'an interval such as 1m', found: 'nothing' } };
  return { kind: 'channel', channel: `kline_${interval}` };
}

function wrongEvent(channel: string | undefined, expected: string, found: string | undefined): ChannelReading {
  return { kind: 'fault', fault: { channel, field: 'e', expected, found: found ?? 'nothing' } };
}
