/** Id of an entry, `<ms>-<n>`. Ids do not sort as text ("9-0" > "10-0"): compare them with `compareEntryIds`. */
export type EntryId = string;

/** Identity of an event: the entry and its index there, `<ms>-<n>:<index>`. */
export type EventId = string;

export interface EntryIdParts {
  /** Milliseconds since the epoch for a live entry and for an import's. */
  readonly ms: number;
  readonly n: number;
}

/** Before every entry. */
export const FIRST_ENTRY_ID: EntryId = '0-0';

const ENTRY_ID = /^(\d{1,16})-(\d{1,16})$/;
const EVENT_ID = /^(\d{1,16}-\d{1,16}):(\d{1,9})$/;

/** @throws where the text is not an entry id with both numbers below 2^53 */
export function parseEntryId(id: string): EntryIdParts {
  const match = ENTRY_ID.exec(id);
  const ms = Number(match?.[1]);
  const n = Number(match?.[2]);
  if (!Number.isSafeInteger(ms) || !Number.isSafeInteger(n))
    throw new Error(`entry id: expected <ms>-<n> such as 1723161255088-0, found "${id}"`);
  return { ms, n };
}

/** Negative where `one` was written before `other`, positive where after it, 0 where they are the same. */
export function compareEntryIds(one: EntryId, other: EntryId): number {
  if (one === other) return 0;
  const first = parseEntryId(one);
  const second = parseEntryId(other);
  return first.ms - second.ms || first.n - second.n;
}

/** The least id above `id`. */
export function nextEntryId(id: EntryId): EntryId {
  const { ms, n } = parseEntryId(id);
  return n === Number.MAX_SAFE_INTEGER ? `${ms + 1}-0` : `${ms}-${n + 1}`;
}

/**
 * Id of an import's entry: its receive time, or where that is not above the entry before, the next id after that one.
 * Depends on nothing but the content of the file.
 * @param receiveTimeUs of the entry's first event, µs since the epoch
 * @param previous id of the import's entry before; undefined for the first
 */
export function importEntryId(receiveTimeUs: number, previous: EntryId | undefined): EntryId {
  const ms = Math.floor(receiveTimeUs / 1_000);
  if (!Number.isSafeInteger(ms) || ms <= 0)
    throw new Error(`receiveTimeUs: expected µs since the epoch, found ${receiveTimeUs}`);
  if (previous === undefined || parseEntryId(previous).ms < ms) return `${ms}-0`;
  return nextEntryId(previous);
}

/** Identity of the event at `index` of the entry. */
export function formatEventId(entryId: EntryId, index: number): EventId {
  return `${entryId}:${index}`;
}

/** @throws where the text is not `<ms>-<n>:<index>` */
export function parseEventId(id: string): { readonly entryId: EntryId; readonly index: number } {
  const match = EVENT_ID.exec(id);
  if (match === null) throw new Error(`event id: expected <ms>-<n>:<index> such as 1723161255088-0:3, found "${id}"`);
  parseEntryId(match[1]!);
  return { entryId: match[1]!, index: Number(match[2]) };
}

/** Negative where `one` comes before `other` in the log, positive where after it. */
export function compareEventIds(one: EventId, other: EventId): number {
  const first = parseEventId(one);
  const second = parseEventId(other);
  return compareEntryIds(first.entryId, second.entryId) || first.index - second.index;
}
