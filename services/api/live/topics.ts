import { nearestName } from '../../../infra/nearest-name.ts';
import { parseInstrument } from '../../../streams/instrument.ts';
import type { FieldError } from '../http/problem.ts';

/** Topics of one instrument: the fields of its derived stream (docs/architecture.md). */
export const INSTRUMENT_TOPICS = [
  'book',
  'book_top',
  'trades',
  'bar',
  'bars_1s',
  'bars_1m',
  'klines',
  'features',
  'gaps',
  'liquidations',
  'mark_prices',
] as const;

export type InstrumentTopic = (typeof INSTRUMENT_TOPICS)[number];

/** State of the services and instruments, once a second. */
export const STATUS_TOPIC = 'status';

/** What a client subscribes to. */
export interface Topics {
  /** In the order first named; positions in event ids follow it. */
  readonly instruments: readonly string[];
  /** Topics of each instrument. */
  readonly byInstrument: ReadonlyMap<string, ReadonlySet<string>>;
  readonly status: boolean;
}

/** Most topics of one client. */
const TOPICS_MAX = 200;

/** Parses `book:simulated:BTCUSDT`, `status`, …; repeated topics count once. */
export function parseTopics(topics: readonly string[]): Topics | FieldError {
  const byInstrument = new Map<string, Set<string>>();
  let status = false;
  if (topics.length === 0 || topics.length > TOPICS_MAX)
    return { field: 'topics', expected: `1 to ${TOPICS_MAX} topics`, found: String(topics.length) };
  for (const text of topics) {
    if (text === STATUS_TOPIC) {
      status = true;
      continue;
    }
    const error = addTopic(byInstrument, text);
    if (error) return error;
  }
  return { instruments: [...byInstrument.keys()], byInstrument, status };
}

function addTopic(byInstrument: Map<string, Set<string>>, text: string): FieldError | undefined {
  const colon = text.indexOf(':');
  const topic = colon < 0 ? text : text.slice(0, colon);
  if (!INSTRUMENT_TOPICS.some((known) => known === topic)) {
    const nearest = nearestName(topic, [...INSTRUMENT_TOPICS, STATUS_TOPIC]);
    const known = `one of ${[...INSTRUMENT_TOPICS].join(', ')} with an instrument, or ${STATUS_TOPIC}`;
    return { field: 'topics', expected: nearest ? `${known} (did you mean ${nearest}?)` : known, found: text };
  }
  const name = colon < 0 ? '' : text.slice(colon + 1);
  const error = instrumentError('topics', name);
  if (error) return { ...error, expected: `${topic}:INSTRUMENT, ${error.expected}`, found: text };
  const known = byInstrument.get(name) ?? new Set();
  byInstrument.set(name, known.add(topic));
  return undefined;
}

/** What is wrong with the name of an instrument; undefined where nothing is. */
export function instrumentError(field: string, name: string): FieldError | undefined {
  try {
    parseInstrument(name);
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const expected = /expected (.*?), found/.exec(text)?.[1] ?? 'venue:SYMBOL such as simulated:BTCUSDT';
    return { field, expected, found: name };
  }
}

/** The same text for the same subscription, whatever the order of its topics within an instrument. */
export function topicsSignature({ byInstrument, status }: Topics): string {
  const parts = [...byInstrument].map(([instrument, topics]) => `${instrument}=${[...topics].sort().join('+')}`);
  return [...parts, ...(status ? [STATUS_TOPIC] : [])].join(',');
}
