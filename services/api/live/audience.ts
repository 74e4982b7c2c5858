import type { DerivedEntry, DerivedEvent } from './derived-entry.ts';
import { formatPosition, type Position } from './position.ts';
import type { Topics } from './topics.ts';

/** How events become bytes for one kind of connection. */
export interface Encoding {
  readonly name: 'sse' | 'ws';
  /** @param id undefined: the event does not count for resuming */
  event(topic: string, id: string | undefined, json: string): string;
  /** Says that events between the client's position and `id` are lost for it. */
  reset(instrument: string, id: string, reason: string): string;
  /** Several events at once, as few writes as the connection allows. */
  frames(events: readonly string[]): readonly string[];
}

/** The far end of a connection. */
export interface StreamClient {
  /** Bytes written and not yet taken by the network. */
  readonly pendingBytes: () => number;
  readonly send: (frames: readonly Buffer[]) => void;
  /** Resolves when little is pending, or the connection is closed. */
  readonly drained: () => Promise<void>;
  readonly isClosed: () => boolean;
  /** Something that shows both ends that the other is alive. */
  readonly heartbeat: () => void;
  /** Ends the connection; `reason` is the last thing the client reads. */
  readonly disconnect: (reason: string) => void;
}

/** Clients with the same subscription: what they get is encoded once for all of them. */
export interface Audience {
  readonly topics: Topics;
  readonly encoding: Encoding;
  readonly clients: Set<StreamClient>;
}

/**
 * The events of an entry that the topics name, encoded.
 * @param events those of the entry that are to be sent
 * @param positionOf how far the other instruments have come
 */
export function encodeEntry(
  { topics, encoding }: Pick<Audience, 'topics' | 'encoding'>,
  instrument: string,
  { entryId }: DerivedEntry,
  events: readonly DerivedEvent[],
  positionOf: (instrument: string) => Position,
): string[] {
  const wanted = topics.byInstrument.get(instrument)!;
  const encoded: string[] = [];
  let idParts: readonly [string, string] | undefined;
  for (const { topic, place, json } of events) {
    if (!wanted.has(topic)) continue;
    idParts ??= idAround(topics.instruments, instrument, positionOf);
    const id = `${idParts[0]}${formatPosition({ entryId, place })}${idParts[1]}`;
    encoded.push(encoding.event(`${topic}:${instrument}`, id, json));
  }
  return encoded;
}

/** What stands before and after the instrument's own position in an id (position.ts). */
function idAround(
  instruments: readonly string[],
  instrument: string,
  positionOf: (instrument: string) => Position,
): readonly [string, string] {
  if (instruments.length === 1) return ['', ''];
  const parts = instruments.map((name) => `${name}@${name === instrument ? '' : formatPosition(positionOf(name))}`);
  const at = instruments.indexOf(instrument);
  const after = parts.slice(at + 1).map((part) => `,${part}`);
  return [parts.slice(0, at + 1).join(), after.join('')];
}
