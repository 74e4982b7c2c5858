import { endOfArray, endOfObject, stringAt } from '../recorder/json-text.ts';
import type { Market } from './instrument-name.ts';

/** What a payload says of itself, whatever instrument it is of. */
export interface PayloadIdentity {
  /** Binance `e`; undefined where there is none. */
  readonly event: string | undefined;
  readonly symbol: string | undefined;
  /** Undefined where the fields would fit several. */
  readonly market: Market | undefined;
  /** `k.i` of a kline. */
  readonly interval: string | undefined;
  /** Event time in ms: `E`, else `T`, `time` or `fundingTime`; NaN where there is none. */
  readonly eventTimeMs: number;
  has(key: string): boolean;
}

/** COIN-M symbols: `BTCUSD_PERP`, `BTCUSD_210625`. */
const COIN_MARGINED_SYMBOL = /USD_(PERP|\d{6})$/;

/**
 * Reads what identifies the payload at [start, end) of a line; undefined where it is not one JSON object.
 * @param line one byte a character (latin1), so that positions are those of the bytes
 */
export function identify(line: string, start: number, end: number): PayloadIdentity | undefined {
  const members = membersOf(line, start, end);
  if (members === undefined) return undefined;
  const text = (key: string, of = members): string | undefined => {
    const span = of?.get(key);
    if (span === undefined || line[span.start] !== '"') return undefined;
    // The line was read byte by byte: a symbol such as 牛来USDT is UTF-8.
    return Buffer.from(stringAt(line, span.start + 1, span.end - 1), 'latin1').toString();
  };
  const nested = (key: string): Members | undefined => {
    const span = members.get(key);
    return span === undefined ? undefined : membersOf(line, span.start, span.end);
  };
  const event = text('e');
  const order = event === 'forceOrder' ? nested('o') : undefined;
  const candle = event === 'kline' ? nested('k') : undefined;
  const symbol = text('s') ?? text('s', order) ?? text('symbol');
  const marketCode = members.get('st') ?? order?.get('st');
  const isCoinMargined =
    (marketCode !== undefined && line.slice(marketCode.start, marketCode.end) === '2') ||
    members.has('pair') ||
    (symbol !== undefined && COIN_MARGINED_SYMBOL.test(symbol));
  return {
    event,
    symbol,
    market: isCoinMargined ? 'coinm' : marketOf(event, members),
    interval: text('i', candle),
    eventTimeMs: timeOf(line, members, order),
    has: (key) => members.has(key),
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

type Members = ReadonlyMap<string, Span>;

function membersOf(line: string, start: number, end: number): Members | undefined {
  const members = new Map<string, Span>();
  const stop = endOfObject(line, start, (keyStart, keyEnd, valueStart, valueEnd) => {
    members.set(line.slice(keyStart, keyEnd), { start: valueStart, end: valueEnd });
  });
  return stop === end ? members : undefined;
}

/**
 * Spot and USD-M frames share their names. Where a field's absence tells them apart, two must be absent, as one may be
 * missing by fault.
 */
function marketOf(event: string | undefined, members: Members): Market | undefined {
  const hasNone = (...keys: string[]): boolean => keys.every((key) => !members.has(key));
  if (members.has('st') || members.has('nq') || members.has('openInterest')) return 'usdm';
  if (members.has('lastUpdateId')) return hasNone('E', 'T') ? 'spot' : 'usdm';
  switch (event) {
    case 'depthUpdate':
      return hasNone('T', 'pu') ? 'spot' : 'usdm';
    case 'aggTrade':
      return members.has('M') ? 'spot' : 'usdm';
    case 'trade':
      return members.has('X') ? 'usdm' : members.has('M') ? 'spot' : undefined;
    case 'bookTicker':
    case 'markPriceUpdate':
    case 'forceOrder':
      return 'usdm';
    case undefined:
      return members.has('B') && members.has('A') && hasNone('T', 'E') ? 'spot' : undefined;
    default:
      return undefined;
  }
}

const TIME_KEYS = ['E', 'T', 'time', 'fundingTime'] as const;

function timeOf(line: string, members: Members, order: Members | undefined): number {
  for (const key of TIME_KEYS) {
    const span = members.get(key) ?? order?.get(key);
    const text = span === undefined ? '' : line.slice(span.start, span.end);
    if (/^\d{12,13}$/.test(text)) return Number(text);
  }
  return Number.NaN;
}

/** Spans of the elements of the array at [start, end); undefined where it is none. */
export function elementsAt(line: string, start: number, end: number): Span[] | undefined {
  const spans: Span[] = [];
  return endOfArray(line, start, (from, to) => spans.push({ start: from, end: to })) === end ? spans : undefined;
}
