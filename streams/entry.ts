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
const HEADERS = new Set(['v', 'receiveTimeUs', 'receiveTimeDeltasUs', 'traceparent']);

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
  const entryId = id.toString();
  const fail = (field: string, expected: string, found: string): Error =>
    new Error(`entry ${entryId}/${field}: expected ${expected}, found ${found}`);
  let receiveTimeUs = Number.NaN;
  let deltasUs: string[] | undefined;
  let traceparent: string | undefined;
  let at = 0;
  header: for (; at < pairs.length; at += 2) {
    const value = pairs[at + 1] ?? '';
    switch (pairs[at]!.toString()) {
      case 'v':
        if (value.toString() !== ENTRY_VERSION) throw fail('v', `"${ENTRY_VERSION}"`, `"${value}"`);
        break;
      case 'receiveTimeUs':
        receiveTimeUs = Number(value);
        break;
      case 'receiveTimeDeltasUs':
        deltasUs = value.toString().split(',');
        break;
      case 'traceparent':
        traceparent = value.toString();
        break;
      default:
        break header;
    }
  }
  if (!Number.isSafeInteger(receiveTimeUs)) throw fail('receiveTimeUs', 'an integer (µs)', String(receiveTimeUs));
  const count = (pairs.length - at) / 2;
  if (deltasUs !== undefined && deltasUs.length !== count)
    throw fail('receiveTimeDeltasUs', `${count} numbers`, String(deltasUs.length));
  const events: RawEvent[] = new Array(count);
  for (let i = 0; i < count; i++, at += 2) {
    const value = pairs[at + 1]!;
    const eventTimeUs = deltasUs === undefined ? receiveTimeUs : receiveTimeUs + Number(deltasUs[i]);
    if (!Number.isSafeInteger(eventTimeUs)) throw fail('receiveTimeDeltasUs', 'integers (µs)', `"${deltasUs?.[i]}"`);
    events[i] = {
      channel: pairs[at]!.toString(),
      payload: typeof value === 'string' ? Buffer.from(value) : value,
      receiveTimeUs: eventTimeUs,
    };
  }
  return { entryId, traceparent, events };
}
