import type { Entry } from './entry.ts';

/** A replay that is merged with others. */
export interface MergeSource {
  readonly instrument: string;
  readonly recording: string;
  /** In log order, as `replay` gives them. */
  readonly pages: AsyncIterable<readonly Entry[]>;
}

/** An entry, and which of the sources it is of. */
export interface MergedEntry {
  readonly instrument: string;
  readonly recording: string;
  readonly entry: Entry;
}

interface Cursor {
  readonly source: MergeSource;
  readonly pages: AsyncIterator<readonly Entry[]>;
  page: readonly Entry[];
  at: number;
  /** When the entry at `at` was received, µs. */
  timeUs: number;
}

/**
 * Several replays as one, by the receive time of each entry's first event; of equal times the source goes first that was
 * named first. The order of each source stays as it is, and the outcome depends on nothing but the sources.
 */
export async function* mergeReplays(sources: readonly MergeSource[]): AsyncGenerator<MergedEntry> {
  const opened: Cursor[] = sources.map((source) => ({
    source,
    pages: source.pages[Symbol.asyncIterator](),
    page: [],
    at: 0,
    timeUs: Number.NEGATIVE_INFINITY,
  }));
  try {
    const begun = await Promise.all(opened.map(settle));
    let open = opened.filter((_, i) => begun[i]);
    while (open.length > 0) {
      let next = open[0]!;
      for (const cursor of open) if (cursor.timeUs < next.timeUs) next = cursor;
      const { instrument, recording } = next.source;
      yield { instrument, recording, entry: next.page[next.at]! };
      next.at++;
      if (!(await settle(next))) open = open.filter((cursor) => cursor !== next);
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
  cursor.timeUs = cursor.page[cursor.at]!.events[0]?.receiveTimeUs ?? cursor.timeUs;
  return true;
}
