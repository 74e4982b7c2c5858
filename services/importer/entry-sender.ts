import type { Redis } from 'ioredis';
import type { Appender, AppendReport } from '../../streams/append.ts';
import type { ImportEntry } from './entries.ts';

/** Appends under way at once: enough to hide the way to Redis and back, few enough to stay small in memory. */
const IN_FLIGHT_MAX = 512;
const IN_FLIGHT_BYTES_MAX = 16 * 1024 * 1024;

/** Appends entries in order, many at a time. */
export interface EntrySender {
  /** Resolves when few enough are under way. @throws what an append was refused for */
  send(entries: readonly ImportEntry[]): Promise<void>;
  /** Resolves when all are in the log. @throws what an append was refused for */
  settle(): Promise<void>;
}

/**
 * @param redis the appender's connection
 * @param take called with what came of each entry, in order
 */
export function createEntrySender(
  redis: Redis,
  appender: Appender,
  take: (entry: ImportEntry, report: AppendReport) => void,
): EntrySender {
  let count = 0;
  let bytes = 0;
  let isFirst = true;
  let failure: { readonly error: unknown } | undefined;
  let waiting: { readonly countMax: number; readonly resolve: () => void } | undefined;

  async function append(entry: ImportEntry): Promise<void> {
    take(entry, await appender.append(entry.events, { entryId: entry.entryId }));
  }
  function start(entry: ImportEntry): void {
    const entryBytes = entry.events.reduce((sum, event) => sum + event.payload.length, 0);
    count++;
    bytes += entryBytes;
    append(entry)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        count--;
        bytes -= entryBytes;
        if (waiting === undefined || count > waiting.countMax) return;
        waiting.resolve();
        waiting = undefined;
      });
  }
  async function until(countMax: number): Promise<void> {
    if (count > countMax)
      await new Promise<void>((resolve) => {
        waiting = { countMax, resolve };
      });
    if (failure !== undefined) throw failure.error;
  }
  /** Until the next turn of the event loop, everything is written to the socket at once: a write costs more than a command. */
  function gather(): void {
    const { stream } = redis;
    stream.cork();
    setImmediate(() => stream.uncork());
  }

  return {
    async send(entries) {
      let isGathering = false;
      for (const entry of entries) {
        // The first loads the function into Redis: those behind it must not overtake it meanwhile.
        if (isFirst) await append(entry);
        else {
          if (!isGathering) gather();
          isGathering = true;
          start(entry);
        }
        isFirst = false;
        if (count >= IN_FLIGHT_MAX || bytes >= IN_FLIGHT_BYTES_MAX) {
          isGathering = false;
          await until(count >> 1);
        }
      }
      await until(Number.POSITIVE_INFINITY);
    },
    settle: () => until(0),
  };
}
