import { endOfObject, endOfValue, skipSpace, stringAt } from './json-text.ts';
import { eventNameOf, type PayloadFacts, readFacts } from './payload-facts.ts';
import type { Topic } from './topics.ts';

/** A frame that carries one event of a subscribed topic. */
export interface EventFrame {
  readonly kind: 'event';
  readonly topic: Topic;
  /** The exact text of the frame's `data`. */
  readonly payload: string;
  readonly facts: PayloadFacts;
}

/** A frame that is not an event: the answer to a request, or something that must be refused. */
export type Frame =
  | EventFrame
  | { readonly kind: 'answer' }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'refused'; readonly topic: Topic | undefined; readonly reason: string };

/** Frames of the venue are below 1 MB; a longer one is refused before anything scans it. */
export const FRAME_CHARACTERS_MAX = 4 * 1024 * 1024;

const COMMON_START = '{"stream":"';
const COMMON_MIDDLE = ',"data":';

/**
 * Opens a combined frame `{"stream":…,"data":…}` without changing a character of its payload.
 *
 * @param topics the subscribed topics by stream name; an event of any other stream is ignored
 */
export function openFrame(text: string, topics: ReadonlyMap<string, Topic>): Frame {
  if (text.length > FRAME_CHARACTERS_MAX) return refused(undefined, `too-large: ${text.length} characters`);
  const stream = streamOf(text);
  const common = stream === undefined ? undefined : commonParts(text, stream);
  if (common !== undefined) {
    const frame = openParts(text, common, topics);
    // Members behind `data` end up in the common cut's payload; the full scan tells them from a broken payload.
    if (frame.kind !== 'refused' || frame.reason !== 'not-json') return frame;
  }
  const parts = cutAny(text);
  if (parts === undefined) return refused(stream === undefined ? undefined : topics.get(stream), 'not-json');
  return openParts(text, parts, topics);
}

function openParts(text: string, parts: Parts, topics: ReadonlyMap<string, Topic>): Frame {
  if (parts.start < 0) return { kind: 'answer' };
  const topic = topics.get(parts.stream);
  if (topic === undefined) return { kind: 'ignored', reason: `stream ${parts.stream.slice(0, 80)} is not subscribed` };
  const facts = readFacts(topic.channel, text, parts.start, parts.end);
  if (facts.error !== undefined) return refused(topic, facts.error);
  const event = eventNameOf(topic.channel);
  if (facts.event !== event) return refused(topic, `wrong-event: expected e ${event}, found ${facts.event ?? 'none'}`);
  if (facts.symbol !== topic.symbol)
    return refused(topic, `wrong-symbol: expected s ${topic.symbol}, found ${facts.symbol ?? 'none'}`);
  return { kind: 'event', topic, payload: text.slice(parts.start, parts.end), facts };
}

function refused(topic: Topic | undefined, reason: string): Frame {
  return { kind: 'refused', topic, reason };
}

interface Parts {
  readonly stream: string;
  /** Where the payload lies in the frame; −1: there is none. */
  readonly start: number;
  readonly end: number;
}

/** The stream's name where the frame begins as Binance's do. */
function streamOf(text: string): string | undefined {
  if (!text.startsWith(COMMON_START)) return undefined;
  const end = text.indexOf('"', COMMON_START.length);
  const stream = text.slice(COMMON_START.length, end);
  return end < 0 || stream.includes('\\') ? undefined : stream;
}

/** Everything between `"data":` and the last brace; `readFacts` checks that it is one whole object. */
function commonParts(text: string, stream: string): Parts | undefined {
  const middle = COMMON_START.length + stream.length + 1;
  const isCommon = text.startsWith(COMMON_MIDDLE, middle) && text.endsWith('}');
  return isCommon ? { stream, start: middle + COMMON_MIDDLE.length, end: text.length - 1 } : undefined;
}

/** Any order of keys, any white space, and answers such as `{"result":null,"id":1}`. */
function cutAny(text: string): Parts | undefined {
  let stream: string | undefined;
  let payloadStart = -1;
  let payloadEnd = -1;
  const start = skipSpace(text, 0);
  const end = endOfObject(text, start, (keyStart, keyEnd, valueStart, valueEnd) => {
    const key = stringAt(text, keyStart, keyEnd);
    if (key === 'stream' && text[valueStart] === '"') stream = stringAt(text, valueStart + 1, valueEnd - 1);
    else if (key === 'data') {
      payloadStart = valueStart;
      payloadEnd = valueEnd;
    }
  });
  const isWhole = end >= 0 && skipSpace(text, end) === text.length;
  if (!isWhole) return undefined;
  return stream === undefined ? { stream: '', start: -1, end: -1 } : { stream, start: payloadStart, end: payloadEnd };
}

/** True where the text is one JSON value and nothing else. */
export function isJson(text: string): boolean {
  const end = endOfValue(text, skipSpace(text, 0));
  return end >= 0 && skipSpace(text, end) === text.length;
}
