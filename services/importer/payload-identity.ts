import { endOfArray, stringAt } from '../recorder/json-text.ts';
import type { Market } from './instrument-name.ts';
import { visitMembers } from './json-members.ts';

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
  has(key: Key): boolean;
}

/** The keys that tell payloads apart. */
const KEYS = [
  'e',
  'E',
  's',
  'T',
  'u',
  'pu',
  'a',
  'b',
  'A',
  'B',
  'f',
  'l',
  'o',
  'k',
  'i',
  'M',
  'X',
  'st',
  'nq',
  'lastUpdateId',
  'symbol',
  'pair',
  'openInterest',
  'time',
  'fundingRate',
  'fundingTime',
  'result',
  'id',
] as const;

type Key = (typeof KEYS)[number];

const KNOWN_KEYS: ReadonlySet<string> = new Set(KEYS);
const KEY_CHARACTERS_MAX = Math.max(...KEYS.map((key) => key.length));

/** COIN-M symbols: `BTCUSD_PERP`, `BTCUSD_210625`. */
const COIN_MARGINED_SYMBOL = /USD_(PERP|\d{6})$/;

/**
 * Reads what identifies the payload at [start, end) of a line; undefined where it is not one JSON object.
 * @param line one byte a character (latin1), so that positions are those of the bytes
 */
export function identify(line: string, start: number, end: number): PayloadIdentity | undefined {
  const members = membersOf(line, start, end);
  if (members === undefined) return undefined;
  const event = textOf(line, members.e);
  const order = event === 'forceOrder' ? nested(line, members.o) : undefined;
  const candle = event === 'kline' ? nested(line, members.k) : undefined;
  const symbol = textOf(line, members.s) ?? textOf(line, order?.s) ?? textOf(line, members.symbol);
  const marketCode = members.st ?? order?.st;
  const isCoinMargined =
    (marketCode !== undefined && line.slice(marketCode.start, marketCode.end) === '2') ||
    members.pair !== undefined ||
    (symbol !== undefined && COIN_MARGINED_SYMBOL.test(symbol));
  return {
    event,
    symbol,
    market: isCoinMargined ? 'coinm' : marketOf(event, members),
    interval: textOf(line, candle?.i),
    eventTimeMs: timeOf(line, members, order),
    has: (key) => members[key] !== undefined,
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

type Members = { [Name in Key]?: Span };

function membersOf(line: string, start: number, end: number): Members | undefined {
  const members: Members = {};
  const stop = visitMembers(line, start, (keyStart, keyEnd, valueStart, valueEnd) => {
    if (keyEnd - keyStart > KEY_CHARACTERS_MAX) return;
    const key = line.slice(keyStart, keyEnd);
    if (KNOWN_KEYS.has(key)) members[key as Key] = { start: valueStart, end: valueEnd };
  });
  return stop === end ? members : undefined;
}

function nested(line: string, span: Span | undefined): Members | undefined {
  return span === undefined ? undefined : membersOf(line, span.start, span.end);
}

function textOf(line: string, span: Span | undefined): string | undefined {
  if (span === undefined || line[span.start] !== '"') return undefined;
  const text = stringAt(line, span.start + 1, span.end - 1);
  // The line was read byte by byte: a symbol such as 牛来USDT is UTF-8.
  return IS_ASCII.test(text) ? text : Buffer.from(text, 'latin1').toString();
}

const IS_ASCII = /^[\x20-\x7e]*$/;

/**
 * Spot and USD-M frames share their names. Where a field's absence tells them apart, two must be absent, as one may be
 * missing by fault.
 */
function marketOf(event: string | undefined, members: Members): Market | undefined {
  if (members.st !== undefined || members.nq !== undefined || members.openInterest !== undefined) return 'usdm';
  if (members.lastUpdateId !== undefined) return members.E === undefined && members.T === undefined ? 'spot' : 'usdm';
  switch (event) {
    case 'depthUpdate':
      return members.T === undefined && members.pu === undefined ? 'spot' : 'usdm';
    case 'aggTrade':
      return members.M === undefined ? 'usdm' : 'spot';
    case 'trade':
      if (members.X !== undefined) return 'usdm';
      return members.M === undefined ? undefined : 'spot';
    case 'bookTicker':
    case 'markPriceUpdate':
    case 'forceOrder':
      return 'usdm';
    case undefined:
      return isSpotTicker(members) ? 'spot' : undefined;
    default:
      return undefined;
  }
}

/** Spot's bookTicker has neither a name nor times. */
function isSpotTicker({ A, B, E, T }: Members): boolean {
  return A !== undefined && B !== undefined && E === undefined && T === undefined;
}

const TIME_KEYS = ['E', 'T', 'time', 'fundingTime'] as const;

function timeOf(line: string, members: Members, order: Members | undefined): number {
  for (const key of TIME_KEYS) {
    const span = members[key] ?? order?.[key];
    const length = span === undefined ? 0 : span.end - span.start;
    if (span !== undefined && (length === 12 || length === 13)) {
      const value = Number(line.slice(span.start, span.end));
      if (Number.isSafeInteger(value)) return value;
    }
  }
  return Number.NaN;
}

/** Spans of the elements of the array at [start, end); undefined where it is none. */
export function elementsAt(line: string, start: number, end: number): Span[] | undefined {
  const spans: Span[] = [];
  return endOfArray(line, start, (from, to) => spans.push({ start: from, end: to })) === end ? spans : undefined;
}
