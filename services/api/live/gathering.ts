import type { EntryId } from '../../../streams/id.ts';
import type { DerivedEntry } from './derived-entry.ts';

/** Keeps what comes of some streams while one client is brought to their live end. */
export interface Gathering {
  /** Position of each stream when gathering began. */
  readonly since: ReadonlyMap<string, EntryId>;
  /** What has come since then; undefined where a stream lost entries meanwhile, or too many came. */
  entries(): readonly (readonly [stream: string, entry: DerivedEntry])[] | undefined;
  add(stream: string, entries: readonly DerivedEntry[]): void;
  /** The stream does not go on where it was. */
  break(stream: string): void;
}

/** Far more than come while Redis answers some reads; a client that needs longer begins anew. */
const ENTRIES_MAX = 5_000;

export function createGathering(since: ReadonlyMap<string, EntryId>): Gathering {
  const gathered: [string, DerivedEntry][] = [];
  let isBroken = false;
  return {
    since,
    entries: () => (isBroken ? undefined : gathered),
    add(stream, entries) {
      if (isBroken || !since.has(stream)) return;
      for (const entry of entries) gathered.push([stream, entry]);
      if (gathered.length > ENTRIES_MAX) isBroken = true;
      if (isBroken) gathered.length = 0;
    },
    break(stream) {
      if (since.has(stream)) isBroken = true;
    },
  };
}
