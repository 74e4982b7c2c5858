import type { Log } from '../../infra/service.ts';
import { createBackoff } from './backoff.ts';
import type { Spool } from './spool.ts';

/** One event on its way into the log. */
export interface LogEvent {
  readonly channel: string;
  /** Exact payload text. */
  readonly payload: string;
  readonly receiveTimeUs: number;
  /** Asked when the event is about to be written: true where it need not be any more. */
  readonly isMoot?: () => boolean;
}

export interface WriterOptions<Report> {
  /** Must be idempotent: a batch whose answer was lost is sent again. */
  readonly append: (batch: readonly LogEvent[]) => Promise<Report>;
  readonly onAppended: (report: Report, batch: readonly LogEvent[]) => void;
  /** Nothing is written before; what comes meanwhile waits in order. */
  readonly ready: Promise<void>;
  readonly spool: Spool;
  readonly batchEventsMax: number;
  readonly log: Log;
}

/** Writes the events of one instrument into its log, in order, one batch at a time. */
export interface Writer {
  push(event: LogEvent): void;
  /** Resolves when everything pushed so far is in the log, or after so long. Gives back the events that are not. */
  drain(timeoutMs: number): Promise<number>;
  stop(): void;
  /** How long the batch under way has been waiting for Redis, ms. */
  stalledMs(): number;
}

/** Keeps one call below Redis' and our own patience when payloads are large. */
const BATCH_CHARACTERS_MAX = 1024 * 1024;
const STALL_LOG_EVERY_MS = 10_000;

/**
 * All events of one turn of the event loop make a batch; while a batch is under way the next one gathers. So an event is
 * written at once when it is quiet, and in a crowd when it is not, and no delay is added.
 */
export function createWriter<Report>(options: WriterOptions<Report>): Writer {
  const { append, onAppended, ready, spool, batchEventsMax, log } = options;
  const queue: LogEvent[] = [];
  const backoff = createBackoff({ firstMs: 50, maxMs: 1_000 });
  let isFlushing = false;
  let isStopped = false;
  let batchSinceMs: number | undefined;

  function takeBatch(): LogEvent[] {
    let characters = 0;
    let size = 0;
    while (size < queue.length && size < batchEventsMax) {
      characters += queue[size]!.payload.length;
      if (size > 0 && characters > BATCH_CHARACTERS_MAX) break;
      size++;
    }
    return queue.splice(0, size);
  }

  async function flush(): Promise<void> {
    await ready;
    while (queue.length > 0 && !isStopped) {
      const taken = takeBatch();
      const batch = taken.filter((event) => event.isMoot?.() !== true);
      batchSinceMs = performance.now();
      const report = batch.length > 0 ? await appendUntilDone(batch) : undefined;
      if (isStopped && report === undefined) return;
      batchSinceMs = undefined;
      spool.remove(
        taken.length,
        taken.reduce((sum, event) => sum + event.payload.length, 0),
      );
      if (report !== undefined) onAppended(report, batch);
    }
    isFlushing = false;
  }

  async function appendUntilDone(batch: readonly LogEvent[]): Promise<Report | undefined> {
    let loggedAtMs = Number.NEGATIVE_INFINITY;
    while (!isStopped) {
      try {
        const report = await append(batch);
        if (loggedAtMs > 0) log('info', 'the log accepts events again');
        backoff.reset();
        return report;
      } catch (error) {
        const nowMs = performance.now();
        if (nowMs - loggedAtMs > STALL_LOG_EVERY_MS) {
          loggedAtMs = nowMs;
          const reason = error instanceof Error ? error.message : String(error);
          log('warn', `the log does not accept events: ${reason}`, { spoolFill: spool.fill() });
        }
        await new Promise((resolve) => setTimeout(resolve, backoff.next()));
      }
    }
    return undefined;
  }

  return {
    push(event) {
      queue.push(event);
      spool.add(event.payload.length);
      if (isFlushing) return;
      isFlushing = true;
      setImmediate(() => void flush());
    },
    async drain(timeoutMs) {
      const untilMs = performance.now() + timeoutMs;
      while (isFlushing && performance.now() < untilMs) await new Promise((resolve) => setTimeout(resolve, 5));
      return spool.events();
    },
    stop() {
      isStopped = true;
    },
    stalledMs: () => (batchSinceMs === undefined ? 0 : performance.now() - batchSinceMs),
  };
}
