import type { AppendReport } from '../../streams/append.ts';
import type { EventToAppend } from '../../streams/entry.ts';

/** What came of appending, by channel. */
export interface AppendTally {
  /** Events that are in the log now; gaps are not among them. */
  readonly added: Readonly<Record<string, number>>;
  /** Events that the file has twice. */
  readonly duplicates: Readonly<Record<string, number>>;
  /** Events behind a later one of their channel, which the log does not take. */
  readonly late: Readonly<Record<string, number>>;
  /** Gap events by the channel that has the gap. */
  readonly gaps: Readonly<Record<string, number>>;
}

export function createAppendTally(): {
  count(events: readonly EventToAppend[], report: AppendReport): void;
  result(): AppendTally;
} {
  const added = new Map<string, number>();
  const duplicates = new Map<string, number>();
  const late = new Map<string, number>();
  const gaps = new Map<string, number>();
  const increment = (counts: Map<string, number>, channel: string): void => {
    counts.set(channel, (counts.get(channel) ?? 0) + 1);
  };

  function countAdded({ channel, payload }: EventToAppend): void {
    if (channel !== 'gap') increment(added, channel);
    else increment(gaps, (JSON.parse(payload.toString()) as { readonly channel: string }).channel);
  }

  return {
    count(events, report) {
      const refused = new Set<number>();
      for (const { index, channel } of report.duplicates) {
        refused.add(index);
        if (channel !== 'gap') increment(duplicates, channel);
      }
      for (const { index, channel } of report.deadLetters) {
        refused.add(index);
        increment(late, channel);
      }
      for (const { channel } of report.gaps) increment(gaps, channel);
      events.forEach((event, index) => {
        if (!refused.has(index)) countAdded(event);
      });
    },
    result: () => ({
      added: Object.fromEntries(added),
      duplicates: Object.fromEntries(duplicates),
      late: Object.fromEntries(late),
      gaps: Object.fromEntries(gaps),
    }),
  };
}
