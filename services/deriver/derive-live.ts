import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { traceparentOf, withBatchSpan } from '../../infra/telemetry.ts';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { LIVE } from '../../streams/keys.ts';
import { type TailBatch, tail } from '../../streams/tail.ts';
import { type Deriver, openDeriver } from './deriver.ts';
import type { RowStore } from './row-store.ts';
import { openTopicStream, publishUntilTaken, type TopicEntry, type TopicStream } from './topic-stream.ts';

/** How long a row waits for others before it is committed. */
const COMMIT_EVERY_MS = 1_000;
/** How far back a killed deriver begins again, at most. */
const CHECKPOINT_EVERY_MS = 5_000;
/** Rows that may wait for QuestDB; then reading waits too, and the log keeps what comes. */
const ROWS_WAITING_MAX = 200_000;

export interface DeriveLiveOptions {
  readonly redis: Redis;
  /** A connection of its own: a blocked read holds it. */
  readonly tailRedis: Redis;
  readonly rows: RowStore;
  readonly instruments: readonly string[];
  readonly featureSets: readonly FeatureSet[];
  readonly log: (level: 'info' | 'warn', message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** Derives the live recordings of its instruments as they grow. */
export interface LiveDerivation {
  readonly derivers: readonly Deriver[];
  /** From the receipt of an instrument's event to its being derived and published, for the last event, ms. */
  readonly lagsMs: ReadonlyMap<string, number>;
  /** Why QuestDB does not take rows; undefined while it does. */
  readonly stall: string | undefined;
  /** Runs until `stop`; rejects where it cannot go on. */
  readonly done: Promise<void>;
  /** Commits what is waiting, stores checkpoints, ends. */
  stop(): Promise<void>;
}

export async function deriveLive(options: DeriveLiveOptions): Promise<LiveDerivation> {
  const { redis, tailRedis, rows, instruments, featureSets, log } = options;
  const derivers = new Map<string, Deriver>();
  const topicStreams = new Map<string, TopicStream>();
  for (const instrument of instruments) {
    const of = { redis, rows, instrument, recording: LIVE, featureSets, isStreamed: true };
    derivers.set(instrument, await openDeriver(of));
    topicStreams.set(instrument, await openTopicStream(redis, instrument, LIVE));
  }
  const lagsMs = new Map<string, number>();
  const abort = new AbortController();
  const { signal } = abort;
  let stall: string | undefined;
  /** Instrument → whether what was derived of it last has come to be published; false: not before the end. */
  const published = new Map<string, Promise<boolean>>();
  let traceparents: string[] = [];

  async function derive({ instrument, entries, trimmed }: TailBatch): Promise<void> {
    const deriver = derivers.get(instrument)!;
    const first = entries[0]!.events[0]!.receiveTimeUs;
    if (trimmed !== undefined) {
      log('warn', 'entries were trimmed before they were derived', { instrument, ...trimmed });
      deriver.pushTrimmed(trimmed, first);
    }
    const links = entries.flatMap(({ traceparent }) => (traceparent === undefined ? [] : [traceparent]));
    const attributes = { instrument, entries: entries.length };
    const batch = { name: 'derive', kind: 'consumer', parent: links[0], links, attributes } as const;
    await withBatchSpan(batch, async (span) => {
      const traceparent = traceparentOf(span);
      if (traceparent !== undefined) traceparents.push(traceparent);
      const topics: TopicEntry[] = [];
      for (const entry of entries) {
        const topic = deriver.push(entry);
        if (topic !== undefined) topics.push({ ...topic, traceparent });
      }
      const onRefusal = (error: unknown): void =>
        log('warn', `the derived stream does not accept entries: ${messageOf(error)}`);
      published.set(instrument, publishUntilTaken(topicStreams.get(instrument)!, topics, { signal, onRefusal }));
      await published.get(instrument);
    });
    lagsMs.set(instrument, Date.now() - entries.at(-1)!.events.at(-1)!.receiveTimeUs / 1_000);
    while (rows.pending > ROWS_WAITING_MAX && !signal.aborted) await sleep(50);
  }

  async function read(): Promise<void> {
    const streams = [...derivers.values()].map(({ instrument, from }) => ({ instrument, from }));
    const batches = tail({ redis: tailRedis, streams, signal });
    let next = batches.next();
    for (let { value, done } = await next; !done; { value, done } = await next) {
      // The log is asked for more while this is worked on.
      next = batches.next();
      // Where deriving fails nobody waits for it any more.
      next.catch(() => {});
      await derive(value!);
      // What lies behind it would leave a hole.
      if (!(await published.get(value!.instrument))) return;
    }
  }

  async function commit(work: () => Promise<void>): Promise<void> {
    const links = traceparents;
    traceparents = [];
    const attributes = { rows: rows.pending };
    try {
      await withBatchSpan({ name: 'questdb.commit', parent: links[0], links, attributes }, work);
      if (stall !== undefined) log('info', 'rows are stored again');
      stall = undefined;
    } catch (error) {
      traceparents = links.concat(traceparents);
      if (stall === undefined) log('warn', `rows are not stored: ${messageOf(error)}`);
      stall = messageOf(error);
    }
  }

  async function checkpoint(): Promise<void> {
    for (const deriver of derivers.values()) await deriver.checkpoint(published.get(deriver.instrument));
  }

  async function store(): Promise<void> {
    let checkpointAtMs = performance.now() + CHECKPOINT_EVERY_MS;
    while (!signal.aborted) {
      await sleep(COMMIT_EVERY_MS, undefined, { signal }).catch(() => {});
      if (performance.now() >= checkpointAtMs) {
        await commit(checkpoint);
        checkpointAtMs = performance.now() + CHECKPOINT_EVERY_MS;
      } else if (rows.pending > 0) await commit(() => rows.flush());
    }
  }

  const reading = read();
  const storing = store();
  return {
    derivers: [...derivers.values()],
    lagsMs,
    get stall() {
      return stall;
    },
    done: Promise.all([reading, storing]).then(() => {}),
    async stop() {
      abort.abort();
      await Promise.allSettled([reading, storing]);
      await commit(checkpoint);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
