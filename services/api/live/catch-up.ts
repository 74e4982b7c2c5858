import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { compareEntryIds } from '../../../streams/id.ts';
import { type Encoding, encodeEntry, type StreamClient } from './audience.ts';
import { type DerivedEntry, eventsAfter } from './derived-entry.ts';
import type { DerivedFeed } from './derived-feed.ts';
import { formatPositions, type Position } from './position.ts';
import { readBehind } from './read-behind.ts';
import type { Topics } from './topics.ts';

/** A client on its way to the live events. */
export interface Subscriber {
  readonly client: StreamClient;
  readonly encoding: Encoding;
  readonly topics: Topics;
  /** How far it has come with each instrument; moves on with what is sent. */
  readonly positions: Map<string, Position>;
}

const AHEAD_RETRY_MS = 10;

/**
 * Sends what lies behind the client's positions, page by page at the client's pace, until the feed's recent entries
 * reach back far enough for `leftover` to give the rest. Where events are lost it says so by a reset and goes on at the
 * live end.
 */
export async function catchUp(redis: Redis, feed: DerivedFeed, subscriber: Subscriber): Promise<void> {
  const { client, topics, positions } = subscriber;
  for (;;) {
    const instrument = topics.instruments.find((name) => !isCovered(feed, name, positions.get(name)!));
    if (instrument === undefined) return;
    await client.drained();
    if (client.isClosed()) return;
    const position = positions.get(instrument)!;
    const { entries, lost } = await readBehind(redis, instrument, position);
    if (lost !== undefined) {
      sendReset(feed, subscriber, instrument, lost);
    } else if (compareEntryIds(position.entryId, feed.position(instrument)) > 0) {
      // Another server read on before us; ours will be there in a moment.
      await sleep(AHEAD_RETRY_MS);
    } else if (entries.length === 0) {
      positions.set(instrument, { entryId: feed.position(instrument) });
    } else {
      sendEvents(
        subscriber,
        entries.flatMap((entry) => pass(subscriber, instrument, entry)),
      );
    }
  }
}

/**
 * What is between the client's positions and the feed's, in the order of the entries' ids; undefined where the feed has
 * moved on too far meanwhile.
 */
export function leftover(feed: DerivedFeed, subscriber: Subscriber): readonly string[] | undefined {
  const { topics, positions } = subscriber;
  const rest: (readonly [instrument: string, entry: DerivedEntry])[] = [];
  for (const instrument of topics.instruments) {
    const position = positions.get(instrument)!;
    if (!isCovered(feed, instrument, position)) return undefined;
    for (const entry of feed.recent(instrument).behind(position)!) rest.push([instrument, entry]);
  }
  rest.sort(([, one], [, other]) => compareEntryIds(one.entryId, other.entryId));
  return rest.flatMap(([instrument, entry]) => pass(subscriber, instrument, entry));
}

export function sendEvents({ client, encoding }: Subscriber, events: readonly string[]): void {
  if (events.length > 0 && !client.isClosed()) client.send(encoding.frames(events).map((frame) => Buffer.from(frame)));
}

function isCovered(feed: DerivedFeed, instrument: string, position: Position): boolean {
  const isAhead = compareEntryIds(position.entryId, feed.position(instrument)) > 0;
  return !isAhead && feed.recent(instrument).behind(position) !== undefined;
}

/** Encodes what the client has not had of the entry, and moves its position behind it. */
function pass(subscriber: Subscriber, instrument: string, entry: DerivedEntry): string[] {
  const { positions } = subscriber;
  const { entryId, place } = positions.get(instrument)!;
  const isRest = place !== undefined && entryId === entry.entryId;
  const events = isRest ? eventsAfter(entry.events, place) : entry.events;
  const encoded = encodeEntry(subscriber, instrument, entry, events, (name) => positions.get(name)!);
  positions.set(instrument, { entryId: entry.entryId });
  return encoded;
}

function sendReset(feed: DerivedFeed, subscriber: Subscriber, instrument: string, reason: string): void {
  const { topics, positions, encoding } = subscriber;
  positions.set(instrument, { entryId: feed.position(instrument) });
  const id = formatPositions(topics.instruments, (name) => positions.get(name)!);
  sendEvents(subscriber, [encoding.reset(instrument, id, reason)]);
}
