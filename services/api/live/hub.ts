import type { Redis } from 'ioredis';
import { withBatchSpan } from '../../../infra/telemetry.ts';
import { type Audience, type Encoding, encodeEntry, type StreamClient } from './audience.ts';
import { catchUp, leftover, type Subscriber, sendEvents } from './catch-up.ts';
import type { DerivedEntry } from './derived-entry.ts';
import { createDerivedFeed } from './derived-feed.ts';
import { formatPositions, type Position } from './position.ts';
import { describeStream } from './stream-name.ts';
import { type SystemTopic, type Topics, topicsSignature } from './topics.ts';

export interface HubObserver {
  /** One batch of a stream was written to its clients. */
  readonly delivered: (stream: string, entries: readonly DerivedEntry[], events: number, clients: number) => void;
  readonly disconnected: (reason: 'slow') => void;
  readonly failed: (error: unknown) => void;
}

export interface HubOptions {
  readonly redis: Redis;
  readonly blockingRedis: Redis;
  readonly clientsMax: number;
  readonly clientBufferBytesMax: number;
  readonly heartbeatMs: number;
  readonly observer: HubObserver;
}

export interface Subscription {
  readonly encoding: Encoding;
  readonly topics: Topics;
  /** Where the client goes on; a stream that is not there goes on where it is, or begins at its end. */
  readonly from: ReadonlyMap<string, Position>;
}

/** Spreads the derived streams over the connected clients. */
export interface Hub {
  /** False where as many clients are connected as may be. */
  hasRoom(): boolean;
  connect(client: StreamClient): void;
  /** Sends what lies behind `from`, then joins the client to the live events; replaces its earlier subscription. */
  subscribe(client: StreamClient, subscription: Subscription): Promise<void>;
  /** Ends the client's subscription. */
  unsubscribe(client: StreamClient): void;
  disconnect(client: StreamClient): void;
  /** Sends what is told of the system to whoever wants it. */
  sendSystem(topic: SystemTopic, json: string): void;
  wantsSystem(topic: SystemTopic): boolean;
  clients(): number;
  close(): Promise<void>;
}

export function createHub(options: HubOptions): Hub {
  const { redis, blockingRedis, clientsMax, clientBufferBytesMax, heartbeatMs, observer } = options;
  const clients = new Set<StreamClient>();
  const audiences = new Map<string, Audience>();
  const audienceOf = new Map<StreamClient, Audience>();
  const feed = createDerivedFeed(redis, blockingRedis, { entries: spread, lost: reset, failed: observer.failed });
  const livePosition = (stream: string): Position => ({ entryId: feed.position(stream) });

  /** Writes to every client of the audience, or ends those that do not keep up. */
  function write(audience: Audience, events: readonly string[]): void {
    const frames = audience.encoding.frames(events).map((frame) => Buffer.from(frame));
    for (const client of audience.clients) {
      if (client.pendingBytes() <= clientBufferBytesMax) {
        client.send(frames);
        continue;
      }
      disconnect(client);
      client.disconnect(
        `the client reads too slowly: ${client.pendingBytes()} bytes wait for it; go on from its last id`,
      );
      observer.disconnected('slow');
    }
  }

  /** Sampled entries are seen in their traces up to here. */
  function spread(stream: string, entries: readonly DerivedEntry[]): void {
    const links = entries.flatMap(({ traceparent }) => (traceparent === undefined ? [] : [traceparent]));
    if (links.length === 0) {
      spreadAll(stream, entries);
      return;
    }
    const attributes = { ...describeStream(stream), entries: entries.length, clients: clients.size };
    const [parent, ...others] = links;
    const span = { name: 'sse.deliver', kind: 'consumer', parent, links: others, attributes } as const;
    withBatchSpan(span, async () => spreadAll(stream, entries)).catch(observer.failed);
  }

  function spreadAll(stream: string, entries: readonly DerivedEntry[]): void {
    let sent = 0;
    let reached = 0;
    for (const audience of audiences.values()) {
      if (!audience.topics.byStream.has(stream)) continue;
      const events = entries.flatMap((entry) => encodeEntry(audience, stream, entry, entry.events, livePosition));
      if (events.length === 0) continue;
      sent += events.length * audience.clients.size;
      reached += audience.clients.size;
      write(audience, events);
    }
    observer.delivered(stream, entries, sent, reached);
  }

  function reset(stream: string, reason: string): void {
    for (const audience of audiences.values()) {
      if (!audience.topics.byStream.has(stream)) continue;
      const id = formatPositions(audience.topics.streams, livePosition);
      write(audience, [audience.encoding.reset(stream, id, reason)]);
    }
  }

  function unsubscribe(client: StreamClient): void {
    const audience = audienceOf.get(client);
    audienceOf.delete(client);
    audience?.clients.delete(client);
    if (audience?.clients.size === 0) audiences.delete(signature(audience));
  }

  function disconnect(client: StreamClient): void {
    clients.delete(client);
    unsubscribe(client);
  }

  /** Without a pause between the last event that was caught up with and the first live one. */
  function join(subscriber: Subscriber, rest: readonly string[]): void {
    unsubscribe(subscriber.client);
    if (subscriber.client.isClosed()) return;
    sendEvents(subscriber, rest);
    const key = signature(subscriber);
    const { topics, encoding } = subscriber;
    const audience = audiences.get(key) ?? { topics, encoding, clients: new Set<StreamClient>() };
    audiences.set(key, audience);
    audience.clients.add(subscriber.client);
    audienceOf.set(subscriber.client, audience);
  }

  async function subscribe(client: StreamClient, { encoding, topics, from }: Subscription): Promise<void> {
    await Promise.all(topics.streams.map((stream) => feed.open(stream)));
    const flowing = audienceOf.get(client)?.topics.byStream;
    const behind = topics.streams.filter((name) => !flowing?.has(name));
    const positions = new Map(behind.map((name) => [name, from.get(name) ?? livePosition(name)]));
    const subscriber = { client, encoding, topics, positions };
    while (!client.isClosed()) {
      const gathering = await catchUp({ redis, feed }, subscriber);
      const rest = leftover(feed, subscriber, gathering);
      if (rest !== undefined) join(subscriber, rest);
      feed.endGathering(gathering);
      if (rest !== undefined) return;
    }
  }

  const heartbeat = setInterval(() => {
    for (const client of clients) client.heartbeat();
  }, heartbeatMs);

  return {
    hasRoom: () => clients.size < clientsMax,
    connect(client) {
      clients.add(client);
    },
    subscribe,
    unsubscribe,
    disconnect,
    sendSystem(topic, json) {
      for (const audience of audiences.values())
        if (audience.topics.system.has(topic)) write(audience, [audience.encoding.event(topic, undefined, json)]);
    },
    wantsSystem: (topic) => audiences.values().some(({ topics }) => topics.system.has(topic)),
    clients: () => clients.size,
    async close() {
      clearInterval(heartbeat);
      for (const client of clients) client.disconnect('the server is stopping');
      await feed.close();
    },
  };
}

function signature({ encoding, topics }: Pick<Audience, 'encoding' | 'topics'>): string {
  return `${encoding.name} ${topicsSignature(topics)}`;
}
