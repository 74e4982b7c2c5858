import { nearestName } from '../../../infra/nearest-name.ts';
import { parseInstrument } from '../../../streams/instrument.ts';
import { isRunId, isSetId } from '../../../streams/keys.ts';
import type { FieldError } from '../http/problem.ts';
import { parseStreamName } from './stream-name.ts';

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

/** How a training run goes, `run:ID`. */
export const RUN_TOPIC = 'run';

/** Topics of no instrument, once a second: the state of the services and instruments, the newest jobs, and the accounts. */
export const SYSTEM_TOPICS = ['status', 'jobs', 'trading'] as const;

export type SystemTopic = (typeof SYSTEM_TOPICS)[number];

/** What a client subscribes to. */
export interface Topics {
  /** By name (stream-name.ts), in the order first named; positions in event ids follow it. */
  readonly streams: readonly string[];
  /** Topics of each stream. */
  readonly byStream: ReadonlyMap<string, ReadonlySet<string>>;
  readonly system: ReadonlySet<SystemTopic>;
}

/** Most topics of one client. */
const TOPICS_MAX = 200;

/** Parses `book:simulated:BTCUSDT`, `features:simulated:BTCUSDT:custom_bid-v1`, `status`, …; repeated topics count once. */
export function parseTopics(topics: readonly string[]): Topics | FieldError {
  const byStream = new Map<string, Set<string>>();
  const system = new Set<SystemTopic>();
  if (topics.length === 0 || topics.length > TOPICS_MAX)
    return { field: 'topics', expected: `1 to ${TOPICS_MAX} topics`, found: String(topics.length) };
  for (const text of topics) {
    const known = SYSTEM_TOPICS.find((topic) => topic === text);
    if (known !== undefined) {
      system.add(known);
      continue;
    }
    const error = addTopic(byStream, text);
    if (error) return error;
  }
  return { streams: [...byStream.keys()], byStream, system };
}

function addTopic(byStream: Map<string, Set<string>>, text: string): FieldError | undefined {
  const colon = text.indexOf(':');
  const topic = colon < 0 ? text : text.slice(0, colon);
  if (topic === RUN_TOPIC) return addRun(byStream, text);
  if (!INSTRUMENT_TOPICS.some((known) => known === topic)) {
    const nearest = nearestName(topic, [...INSTRUMENT_TOPICS, RUN_TOPIC, ...SYSTEM_TOPICS]);
    const known = `one of ${[...INSTRUMENT_TOPICS].join(', ')} with an instrument, ${RUN_TOPIC} with the id of a run, or ${SYSTEM_TOPICS.join(', ')}`;
    return { field: 'topics', expected: nearest ? `${known} (did you mean ${nearest}?)` : known, found: text };
  }
  const name = colon < 0 ? '' : text.slice(colon + 1);
  const { instrument, set } = parseStreamName(name);
  if (set !== undefined && (topic !== 'features' || !isSetId(set)))
    return { field: 'topics', expected: `${topic}:INSTRUMENT, or features:INSTRUMENT:SET with a name-v1`, found: text };
  const error = instrumentError('topics', instrument);
  if (error) return { ...error, expected: `${topic}:INSTRUMENT, ${error.expected}`, found: text };
  const known = byStream.get(name) ?? new Set();
  byStream.set(name, known.add(topic));
  return undefined;
}

function addRun(byStream: Map<string, Set<string>>, text: string): FieldError | undefined {
  const id = text.slice(RUN_TOPIC.length + 1);
  if (!isRunId(id))
    return { field: 'topics', expected: `${RUN_TOPIC}:ID with the id of a run, 16 hex digits`, found: text };
  byStream.set(id, new Set([RUN_TOPIC]));
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

/** The same text for the same subscription, whatever the order of its topics within a stream. */
export function topicsSignature({ byStream, system }: Topics): string {
  const parts = [...byStream].map(([stream, topics]) => `${stream}=${[...topics].sort().join('+')}`);
  return [...parts, ...[...system].sort()].join(',');
}
