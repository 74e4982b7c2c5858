import type { EntryId } from '../../../streams/id.ts';
import type { DerivedEntry } from './derived-entry.ts';

/** Keeps what comes of some instruments while one client is brought to the live end of their streams. */
export interface Gathering {
  /** Position of each instrument when gathering began. */
  readonly since: ReadonlyMap<string, EntryId>;
  /** What has come since then; undefined where a stream lost entries meanwhile, or too many came. */
  entries(): readonly (readonly [instrument: string, entry: DerivedEntry])[] | undefined;
  add(instrument: string, entries: readonly DerivedEntry[]): void;
  /** The stream of the instrument does not go on where it was. */
  break(instrument: string): void;
}

/** Far more than come while Redis answers some reads; a client that needs longer begins anew. */
const ENTRIES_MAX = 5_000;

export function createGathering(since: ReadonlyMap<string, EntryId>): Gathering {
  const gathered: [string, DerivedEntry][] = [];
  let isBroken = false;
  return {
    since,
    entries: () => (isBroken ? undefined : gathered),
    add(instrument, entries) {
      if (isBroken || !since.has(instrument)) return;
      for (const entry of entries) gathered.push([instrument, entry]);
      if (gathered.length > ENTRIES_MAX) isBroken = true;
      if (isBroken) gathered.length = 0;
    },
    break(instrument) {
      if (since.has(instrument)) isBroken = true;
    },
  };
}
