import { BATCH_EVENTS_MAX } from '../../streams/batch.ts';
import type { EventToAppend } from '../../streams/entry.ts';
import { compareEntryIds, type EntryId, importEntryId } from '../../streams/id.ts';

/** Events that become one entry of the log. */
export interface ImportEntry {
  readonly entryId: EntryId;
  readonly events: readonly EventToAppend[];
}

/** Bounds of an entry, which the events of one millisecond hardly ever reach. */
const EVENTS_MAX = BATCH_EVENTS_MAX;
const BYTES_MAX = 256 * 1024;

/**
 * Puts events into entries: those of the same millisecond of receive time together, so that a time finds its entry.
 * Entries and their ids depend on nothing but the events.
 *
 * @param take called with each entry when it is complete
 */
export function createEntryBuilder(take: (entry: ImportEntry) => void): {
  /** @param entryId where the file itself says in which entry of a log the event was */
  add(event: EventToAppend, entryId?: EntryId): void;
  finish(): void;
} {
  let events: EventToAppend[] = [];
  let bytes = 0;
  let ms = Number.NaN;
  let givenId: EntryId | undefined;
  let previous: EntryId | undefined;

  function finish(): void {
    const first = events[0];
    if (first === undefined) return;
    const isAbove = givenId !== undefined && (previous === undefined || compareEntryIds(givenId, previous) > 0);
    previous = isAbove ? givenId! : importEntryId(first.receiveTimeUs, previous);
    take({ entryId: previous, events });
    events = [];
    bytes = 0;
  }

  return {
    add(event, entryId) {
      const eventMs = Math.floor(event.receiveTimeUs / 1000);
      const isSame = entryId === undefined ? eventMs === ms && givenId === undefined : entryId === givenId;
      // An entry that a log had stays one: it was no larger than an entry may be.
      const isFull = events.length >= EVENTS_MAX || (bytes >= BYTES_MAX && entryId === undefined);
      if (!isSame || isFull) finish();
      ms = eventMs;
      givenId = entryId;
      events.push(event);
      bytes += event.payload.length;
    },
    finish,
  };
}
