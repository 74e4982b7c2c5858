import type { EntryId } from './id.ts';

/** An event as the log holds it: undecoded. */
export interface RawEvent {
  readonly channel: string;
  /** The exact payload text, UTF-8. Shares its memory with the other events of its page: copy what is kept for long. */
  readonly payload: Buffer;
  /** When it was received, µs since the epoch. */
  readonly receiveTimeUs: number;
}

/** An entry of a raw stream: the events that arrived together, in order. */
export interface Entry {
  readonly entryId: EntryId;
  /** W3C trace context of the batch; undefined where it was not sampled. */
  readonly traceparent: string | undefined;
  readonly events: readonly RawEvent[];
}

/** An event on its way into the log. */
export interface EventToAppend {
  readonly channel: string;
  /** The exact payload text. */
  readonly payload: string | Buffer;
  readonly receiveTimeUs: number;
}

/** Version of the envelope; a reader of a later one still reads this. */
export const ENTRY_VERSION = '1';

/** Channel names are fields of the entry: they must not be taken for a header. */
const CHANNEL = /^[a-zA-Z][a-zA-Z0-9_]{0,39}$/;
/** Fields in front of the events. */
export const HEADERS: ReadonlySet<string> = new Set(['v', 'receiveTimeUs', 'receiveTimeDeltasUs', 'traceparent']);

/** @throws where an entry could not hold an event of this channel */
export function checkChannel(channel: string): void {
  if (!CHANNEL.test(channel) || HEADERS.has(channel))
    throw new Error(`channel: expected a name such as depth or kline_1m, found "${channel}"`);
}

/** The field/value pairs of an entry, in order. @throws where `events` is empty */
export function encodeEntry(events: readonly EventToAppend[], traceparent?: string): (string | Buffer)[] {
  const pairs = encodeHeader(events, traceparent);
  for (const { channel, payload } of events) pairs.push(channel, payload);
  return pairs;
}

/** The pairs in front of the events'. */
export function encodeHeader(events: readonly EventToAppend[], traceparent?: string): (string | Buffer)[] {
  const first = events[0];
  if (first === undefined) throw new Error('entry: expected at least one event, found none');
  const pairs: (string | Buffer)[] = ['v', ENTRY_VERSION, 'receiveTimeUs', String(first.receiveTimeUs)];
  if (events.some((event) => event.receiveTimeUs !== first.receiveTimeUs))
    pairs.push('receiveTimeDeltasUs', events.map((event) => event.receiveTimeUs - first.receiveTimeUs).join());
  if (traceparent !== undefined) pairs.push('traceparent', traceparent);
  return pairs;
}

/**
 * An entry from what Redis answered: its id and its field/value pairs in order.
 * @throws where it is no entry of a raw stream, naming the field, what was expected and what was found
 */
export function decodeEntry(id: string | Buffer, pairs: readonly (string | Buffer)[]): Entry {
  const entryId = asText(id);
  let receiveTimeUs = Number.NaN;
  let deltas: string | Buffer | undefined;
  let traceparent: string | undefined;
  let at = 0;
  header: for (; at < pairs.length; at += 2) {
    const value = pairs[at + 1] ?? '';
    switch (asText(pairs[at]!)) {
      case 'v':
        if (asText(value) !== ENTRY_VERSION) throw refusal(entryId, 'v', `"${ENTRY_VERSION}"`, `"${value}"`);
        break;
      case 'receiveTimeUs':
        receiveTimeUs = Number(asText(value));
        break;
      case 'receiveTimeDeltasUs':
        deltas = value;
        break;
      case 'traceparent':
        traceparent = asText(value);
        break;
      default:
        break header;
    }
  }
  if (!Number.isSafeInteger(receiveTimeUs))
    throw refusal(entryId, 'receiveTimeUs', 'an integer (µs)', `${receiveTimeUs}`);
  const count = (pairs.length - at) / 2;
  const deltasUs = deltas === undefined ? undefined : readDeltas(entryId, deltas, count);
  const events: RawEvent[] = new Array(count);
  for (let i = 0; i < count; i++, at += 2) {
    const value = pairs[at + 1]!;
    events[i] = {
      channel: asText(pairs[at]!),
      payload: typeof value === 'string' ? Buffer.from(value) : value,
      receiveTimeUs: deltasUs === undefined ? receiveTimeUs : receiveTimeUs + deltasUs[i]!,
    };
  }
  return { entryId, traceparent, events };
}

const asText = (value: string | Buffer): string => (typeof value === 'string' ? value : value.toString());

const MINUS = 0x2d;
const COMMA = 0x2c;

/** Comma-separated integers, byte by byte: splitting the text takes longer than reading the entry's events. */
function readDeltas(entryId: EntryId, value: string | Buffer, count: number): Float64Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const deltasUs = new Float64Array(count);
  const fail = (found: string): Error =>
    refusal(entryId, 'receiveTimeDeltasUs', `${count} comma-separated integers (µs)`, found);
  let i = 0;
  for (let n = 0; n < count; n++) {
    const sign = bytes[i] === MINUS ? -1 : 1;
    if (sign < 0) i++;
    const start = i;
    let delta = 0;
    for (let digit = bytes[i]! - 0x30; digit >= 0 && digit <= 9; digit = bytes[++i]! - 0x30) delta = delta * 10 + digit;
    const hasDigits = i > start;
    const isEnded = n === count - 1 ? i === bytes.length : bytes[i++] === COMMA;
    if (!hasDigits || !isEnded || !Number.isSafeInteger(delta)) throw fail(`"${bytes.toString('latin1', 0, 80)}"`);
    deltasUs[n] = sign * delta;
  }
  return deltasUs;
}

function refusal(entryId: EntryId, field: string, expected: string, found: string): Error {
  return new Error(`entry ${entryId}/${field}: expected ${expected}, found ${found}`);
}
