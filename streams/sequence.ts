import type { SequenceRule } from './instrument.ts';

/** What a payload says of its place among the events of its channel. */
export interface Sequence {
  /** Source sequence that must have come before; null where the channel's events do not say. */
  readonly predecessor: number | null;
  /** First source sequence that the event covers (`U` of a depth event, else `last`). */
  readonly first: number;
  /** Source sequence of the event. */
  readonly last: number;
}

/**
 * How the log tells a new event of a channel from one that it has:
 *
 * - `linked`: every event names the sequence of the one before it;
 * - `counted`: every event begins one above the sequence of the one before it;
 * - `ascending`: the sequence rises, holes are normal, and what does not rise was there before;
 * - `snapshot`: likewise, but one that is older than the last is not a repetition;
 * - `time`: the sequence is a time, which two events may share, so the text decides;
 * - `own`: no sequence; receive time and text together decide.
 */
export type SequenceKind = 'linked' | 'counted' | 'ascending' | 'snapshot' | 'time' | 'own';

interface ChannelSequence {
  readonly kind: SequenceKind;
  /**
   * Top-level keys: of the last sequence, of the first one covered, of the predecessor. Those that a channel lacks follow
   * from the others.
   */
  readonly keys: readonly string[];
}

const DEPTH: Readonly<Record<SequenceRule, ChannelSequence>> = {
  usdm: { kind: 'linked', keys: ['u', 'U', 'pu'] },
  spot: { kind: 'counted', keys: ['u', 'U'] },
};

const counted = (key: string): ChannelSequence => ({ kind: 'counted', keys: [key] });
const unchained = (kind: SequenceKind, key: string): ChannelSequence => ({ kind, keys: [key] });

const KLINE = unchained('time', 'E');

const CHANNELS: Readonly<Record<string, ChannelSequence>> = {
  aggTrade: counted('a'),
  trade: counted('t'),
  bookTicker: unchained('ascending', 'u'),
  depthSnapshot: unchained('snapshot', 'lastUpdateId'),
  markPrice: unchained('time', 'E'),
  forceOrder: unchained('time', 'E'),
  openInterest: unchained('time', 'time'),
  fundingRate: unchained('time', 'fundingTime'),
};

function channelSequence(channel: string, rule: SequenceRule): ChannelSequence | undefined {
  if (channel === 'depth') return DEPTH[rule];
  return channel.startsWith('kline_') ? KLINE : CHANNELS[channel];
}

/** How the channel's events are told apart; a channel that is not known is our own. */
export function sequenceKind(channel: string, rule: SequenceRule): SequenceKind {
  return channelSequence(channel, rule)?.kind ?? 'own';
}

/**
 * The source sequence of a payload, found in its text without parsing the rest.
 *
 * Null where the channel has none, and where the payload is not a JSON object with the channel's fields as integers
 * below 2^53, the last above its predecessor. Of a key that comes twice the first counts; what lies behind the fields is not looked at.
 */
export function sequenceOf(channel: string, payload: string | Buffer, rule: SequenceRule): Sequence | null {
  const known = channelSequence(channel, rule);
  if (known === undefined) return null;
  // Keys and integers are ASCII, which latin1 keeps.
  const text = typeof payload === 'string' ? payload : payload.toString('latin1');
  if (known === KLINE && text.startsWith('[')) return sequenceOfRow(text);
  if (!findIntegers(text, known.keys)) return null;
  const last = found[0]!;
  const first = known.keys.length > 1 ? found[1]! : last;
  if (known.kind !== 'linked' && known.kind !== 'counted') return { predecessor: null, first, last };
  const predecessor = known.kind === 'linked' ? found[2]! : first - 1;
  return predecessor >= last ? null : { predecessor, first, last };
}

/** A candle as REST `klines` and archives give it is an array without `E`: its open time, ms, comes first. */
function sequenceOfRow(text: string): Sequence | null {
  const openTimeMs = integerAt(text, skipSpace(text, 1));
  return openTimeMs < 0 ? null : { predecessor: null, first: openTimeMs, last: openTimeMs };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Values of the keys that were looked for last, in their order: an array for each event would take longer than the search. */
const found = new Float64Array(3);

/** Looks for the keys in a JSON object's text. */
function findIntegers(text: string, keys: readonly string[]): boolean {
  found.fill(-1);
  let missing = keys.length;
  let i = skipSpace(text, 0);
  if (text.charCodeAt(i) !== OPEN_BRACE) return false;
  for (;;) {
    i = skipSpace(text, i + 1);
    if (text.charCodeAt(i) !== QUOTE) return false;
    const keyStart = i + 1;
    const keyEnd = endOfString(text, keyStart);
    if (keyEnd < 0) return false;
    i = skipSpace(text, keyEnd + 1);
    if (text.charCodeAt(i) !== COLON) return false;
    i = skipSpace(text, i + 1);
    const slot = slotOf(text, keyStart, keyEnd, keys);
    if (slot >= 0 && found[slot] === -1) {
      const value = integerAt(text, i);
      if (value < 0) return false;
      found[slot] = value;
      if (--missing === 0) return true;
    }
    i = skipValue(text, i);
    if (i < 0) return false;
    i = skipSpace(text, i);
    if (text.charCodeAt(i) !== COMMA) return false;
  }
}

function slotOf(text: string, start: number, end: number, keys: readonly string[]): number {
  for (let slot = 0; slot < keys.length; slot++) {
    const key = keys[slot]!;
    if (key.length !== end - start) continue;
    let i = 0;
    while (i < key.length && text.charCodeAt(start + i) === key.charCodeAt(i)) i++;
    if (i === key.length) return slot;
  }
  return -1;
}

/** Unsigned integer below 2^53, bare or quoted; −1 where there is none. */
function integerAt(text: string, start: number): number {
  const isQuoted = text.charCodeAt(start) === QUOTE;
  let i = isQuoted ? start + 1 : start;
  const digitsStart = i;
  let value = 0;
  for (let digit = text.charCodeAt(i) - 0x30; digit >= 0 && digit <= 9; digit = text.charCodeAt(++i) - 0x30)
    value = value * 10 + digit;
  if (i === digitsStart || !Number.isSafeInteger(value)) return -1;
  const after = text.charCodeAt(i);
  const isEnded = isQuoted ? after === QUOTE : after === COMMA || after === CLOSE_BRACE || isSpace(after);
  return isEnded ? value : -1;
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function skipSpace(text: string, i: number): number {
  while (isSpace(text.charCodeAt(i))) i++;
  return i;
}

/** Position of the quote that ends the string whose text begins at `i`; −1 where there is none. */
function endOfString(text: string, i: number): number {
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === BACKSLASH) i++;
  }
  return -1;
}

/** Position after the value at `i`; −1 where it does not end. */
function skipValue(text: string, i: number): number {
  let depth = 0;
  for (; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i + 1);
        if (i < 0) return -1;
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth++;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (depth === 0) return i;
        depth--;
        break;
      case COMMA:
        if (depth === 0) return i;
        break;
    }
  }
  return -1;
}
