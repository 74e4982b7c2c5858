import type { Appender, AppendReport } from '../../streams/append.ts';
import type { ImportEntry } from './entries.ts';

/** Appends under way at once: enough to hide the way to Redis and back, few enough to stay small in memory. */
const IN_FLIGHT_MAX = 256;
const IN_FLIGHT_BYTES_MAX = 16 * 1024 * 1024;

/** Appends entries in order, many at a time. */
export interface EntrySender {
  /** Resolves when few enough are under way. @throws what an append was refused for */
  send(entries: readonly ImportEntry[]): Promise<void>;
  /** Resolves when all are in the log. @throws what an append was refused for */
  settle(): Promise<void>;
}

/** @param take called with what came of each entry, in order */
export function createEntrySender(
  appender: Appender,
  take: (entry: ImportEntry, report: AppendReport) => void,
): EntrySender {
  const inFlight = new Set<Promise<void>>();
  let inFlightBytes = 0;
  let isFirst = true;
  let failure: { readonly error: unknown } | undefined;

  async function append(entry: ImportEntry): Promise<void> {
    take(entry, await appender.append(entry.events, { entryId: entry.entryId }));
  }
  function start(entry: ImportEntry): void {
    const bytes = entry.events.reduce((sum, event) => sum + event.payload.length, 0);
    inFlightBytes += bytes;
    const work = append(entry)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        inFlightBytes -= bytes;
        inFlight.delete(work);
      });
    inFlight.add(work);
  }
  function stopAtFailure(): void {
    if (failure !== undefined) throw failure.error;
  }

  return {
    async send(entries) {
      for (const entry of entries) {
        stopAtFailure();
        // The first loads the function into Redis: those behind it must not overtake it meanwhile.
        if (isFirst) await append(entry);
        else start(entry);
        isFirst = false;
        while (inFlight.size >= IN_FLIGHT_MAX || inFlightBytes >= IN_FLIGHT_BYTES_MAX) await Promise.race(inFlight);
      }
    },
    async settle() {
      await Promise.all(inFlight);
      stopAtFailure();
    },
  };
}
