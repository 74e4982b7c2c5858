import { compareEntryIds, type EntryId } from '../../../streams/id.ts';
import type { DerivedEntry } from './derived-entry.ts';
import type { Position } from './position.ts';

/** The newest entries of a derived stream, without a hole, so that a client can be brought to its end at once. */
export interface RecentEntries {
  /** Adds entries that follow those already here. */
  push(entries: readonly DerivedEntry[]): void;
  /**
   * The entries behind the position, that of the position too where only a part of it was delivered; undefined where
   * they reach back further than what is kept.
   */
  behind(position: Position): readonly DerivedEntry[] | undefined;
}

/**
 * @param entriesMax entries that are kept at least, when so many have come
 * @param start id behind which the first entry will come
 */
export function createRecentEntries(entriesMax: number, start: EntryId): RecentEntries {
  const kept: DerivedEntry[] = [];
  let before = start;

  return {
    push(entries) {
      kept.push(...entries);
      // Cutting only when twice as many are there makes the cost of an entry constant.
      if (kept.length < 2 * entriesMax) return;
      const removed = kept.splice(0, kept.length - entriesMax);
      before = removed.at(-1)!.entryId;
    },
    behind({ entryId, place }) {
      const reach = compareEntryIds(entryId, before);
      if (reach < 0 || (reach === 0 && place !== undefined)) return undefined;
      let first = kept.length;
      while (first > 0 && compareEntryIds(kept[first - 1]!.entryId, entryId) > 0) first--;
      if (place !== undefined && kept[first - 1]?.entryId === entryId) first--;
      return kept.slice(first);
    },
  };
}
