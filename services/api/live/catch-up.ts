import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { compareEntryIds, type EntryId } from '../../../streams/id.ts';
import { type Encoding, encodeEntry, type StreamClient } from './audience.ts';
import { type DerivedEntry, eventsAfter } from './derived-entry.ts';
import type { DerivedFeed } from './derived-feed.ts';
import type { Gathering } from './gathering.ts';
import { formatPositions, type Position } from './position.ts';
import { ENTRIES_A_READ, readBehind } from './read-behind.ts';
import type { Topics } from './topics.ts';

/** A client on its way to the live events. */
export interface Subscriber {
  readonly client: StreamClient;
  readonly encoding: Encoding;
  readonly topics: Topics;
  /** How far it has come with each stream that it is not live with; moves on with what is sent. */
  readonly positions: Map<string, Position>;
}

export interface CatchUpSource {
  readonly redis: Redis;
  readonly feed: DerivedFeed;
}

const AHEAD_RETRY_MS = 10;

/**
 * Sends what lies behind the client's positions, page by page at the client's pace, and then gathers what comes while
 * the last pages are read, so that `leftover` can join the two without a hole. Where events are lost the client is told
 * by a reset and goes on at the live end. The gathering is the caller's to end.
 */
export async function catchUp(source: CatchUpSource, subscriber: Subscriber): Promise<Gathering> {
  const streams = [...subscriber.positions.keys()];
  for (const stream of streams) await sendUpTo(source, subscriber, stream, undefined);
  const gathering = source.feed.gather(streams);
  for (const [stream, end] of gathering.since) await sendUpTo(source, subscriber, stream, end);
  return gathering;
}

/**
 * What was gathered behind the client's positions, in the order of the entries' ids; undefined where that is no longer
 * all there is.
 */
export function leftover(
  feed: DerivedFeed,
  subscriber: Subscriber,
  gathering: Gathering,
): readonly string[] | undefined {
  const rest = gathering.entries()?.filter(([stream, { entryId }]) => {
    const position = subscriber.positions.get(stream)!;
    return compareEntryIds(entryId, position.entryId) > 0;
  });
  rest?.sort(([, one], [, other]) => compareEntryIds(one.entryId, other.entryId));
  return rest?.flatMap(([stream, entry]) => pass(feed, subscriber, stream, entry));
}

export function sendEvents({ client, encoding }: Subscriber, events: readonly string[]): void {
  if (events.length > 0 && !client.isClosed()) client.send(encoding.frames(events).map((frame) => Buffer.from(frame)));
}

/** @param end where to stop; undefined: near the end of the stream */
async function sendUpTo(
  { redis, feed }: CatchUpSource,
  subscriber: Subscriber,
  stream: string,
  end: EntryId | undefined,
): Promise<void> {
  const { client, positions } = subscriber;
  while (!client.isClosed()) {
    const position = positions.get(stream)!;
    // Never beyond the feed, which would send the same again.
    const to = end ?? feed.position(stream);
    const beyond = compareEntryIds(position.entryId, to);
    if (beyond === 0 && position.place === undefined) return;
    await client.drained();
    const { entries, lost } = await readBehind(redis, stream, position, to);
    if (lost !== undefined) return sendReset(feed, subscriber, stream, lost);
    if (beyond > 0) {
      // Another server read on before us; ours will be there in a moment.
      await sleep(AHEAD_RETRY_MS);
      continue;
    }
    sendEvents(
      subscriber,
      entries.flatMap((entry) => pass(feed, subscriber, stream, entry)),
    );
    if (entries.length === ENTRIES_A_READ) continue;
    positions.set(stream, { entryId: to });
    return;
  }
}

/** Encodes what the client has not had of the entry, and moves its position behind it. */
function pass(feed: DerivedFeed, subscriber: Subscriber, stream: string, entry: DerivedEntry): string[] {
  const { positions } = subscriber;
  const { entryId, place } = positions.get(stream)!;
  const isRest = place !== undefined && entryId === entry.entryId;
  const events = isRest ? eventsAfter(entry.events, place) : entry.events;
  const encoded = encodeEntry(subscriber, stream, entry, events, (name) => positionOf(feed, subscriber, name));
  positions.set(stream, { entryId: entry.entryId });
  return encoded;
}

function sendReset(feed: DerivedFeed, subscriber: Subscriber, stream: string, reason: string): void {
  subscriber.positions.set(stream, { entryId: feed.position(stream) });
  const id = formatPositions(subscriber.topics.streams, (name) => positionOf(feed, subscriber, name));
  sendEvents(subscriber, [subscriber.encoding.reset(stream, id, reason)]);
}

/** With a stream that it is live with a client has come as far as the feed. */
function positionOf(feed: DerivedFeed, { positions }: Subscriber, stream: string): Position {
  return positions.get(stream) ?? { entryId: feed.position(stream) };
}
