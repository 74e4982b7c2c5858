import type { DerivedEntry, DerivedEvent } from './derived-entry.ts';
import { formatPosition, type Position } from './position.ts';
import type { Topics } from './topics.ts';

/** How events become bytes for one kind of connection. */
export interface Encoding {
  readonly name: 'sse' | 'ws';
  /** @param id undefined: the event does not count for resuming */
  event(topic: string, id: string | undefined, json: string): string;
  /** Says that events between the client's position and `id` are lost for it. */
  reset(stream: string, id: string, reason: string): string;
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
 * @param positionOf how far the other streams have come
 */
export function encodeEntry(
  { topics, encoding }: Pick<Audience, 'topics' | 'encoding'>,
  stream: string,
  { entryId }: DerivedEntry,
  events: readonly DerivedEvent[],
  positionOf: (stream: string) => Position,
): string[] {
  const wanted = topics.byStream.get(stream)!;
  const encoded: string[] = [];
  let idParts: readonly [string, string] | undefined;
  for (const { topic, place, json } of events) {
    if (!wanted.has(topic)) continue;
    idParts ??= idAround(topics.streams, stream, positionOf);
    const id = `${idParts[0]}${formatPosition({ entryId, place })}${idParts[1]}`;
    encoded.push(encoding.event(`${topic}:${stream}`, id, json));
  }
  return encoded;
}

/** What stands before and after the stream's own position in an id (position.ts). */
function idAround(
  streams: readonly string[],
  stream: string,
  positionOf: (stream: string) => Position,
): readonly [string, string] {
  if (streams.length === 1) return ['', ''];
  const parts = streams.map((name) => `${name}@${name === stream ? '' : formatPosition(positionOf(name))}`);
  const at = streams.indexOf(stream);
  const after = parts.slice(at + 1).map((part) => `,${part}`);
  return [parts.slice(0, at + 1).join(), after.join('')];
}
