import type { Entry } from './entry.ts';
import { compareEntryIds } from './id.ts';
import { type ReplayOptions, replay } from './replay.ts';

/** An entry of one of several logs. */
export interface MergedEntry {
  /** Which of them, from 0. */
  readonly log: number;
  readonly entry: Entry;
}

interface Cursor {
  readonly log: number;
  readonly pages: AsyncIterator<readonly Entry[]>;
  page: readonly Entry[];
  at: number;
}

/** What several logs hold of a span, as of now, in the order of `mergePages`. */
export function replayMerged(logs: readonly ReplayOptions[]): AsyncGenerator<readonly MergedEntry[]> {
  return mergePages(logs.map(replay));
}

/**
 * Several logs as one, in the order of their entries' ids, which is the order in which Redis got them; of equal ids that of
 * the log goes first that was named first. The outcome depends on nothing but the logs.
 * @param logs pages in log order, as `replay` gives them
 */
export async function* mergePages(
  logs: readonly AsyncIterable<readonly Entry[]>[],
): AsyncGenerator<readonly MergedEntry[]> {
  const opened = logs.map((pages, log): Cursor => ({ log, pages: pages[Symbol.asyncIterator](), page: [], at: 0 }));
  try {
    let open: readonly Cursor[] = opened;
    for (;;) {
      const settled = await Promise.all(open.map(settle));
      open = open.filter((_, n) => settled[n]);
      if (open.length === 0) return;
      yield mergeUpToAnEnd(open);
    }
  } finally {
    await Promise.all(opened.map((cursor) => cursor.pages.return?.()));
  }
}

/** Makes the cursor stand on an entry; false where there is none left. */
async function settle(cursor: Cursor): Promise<boolean> {
  while (cursor.at === cursor.page.length) {
    const { done, value } = await cursor.pages.next();
    if (done) return false;
    cursor.page = value;
    cursor.at = 0;
  }
  return true;
}

/** Until one of the pages ends: what follows in its log may come before all that the others hold. */
function mergeUpToAnEnd(open: readonly Cursor[]): MergedEntry[] {
  const merged: MergedEntry[] = [];
  for (;;) {
    let next = open[0]!;
    for (let n = 1; n < open.length; n++) if (isBefore(open[n]!, next)) next = open[n]!;
    merged.push({ log: next.log, entry: next.page[next.at]! });
    if (++next.at === next.page.length) return merged;
  }
}

function isBefore(one: Cursor, other: Cursor): boolean {
  return compareEntryIds(one.page[one.at]!.entryId, other.page[other.at]!.entryId) < 0;
}
