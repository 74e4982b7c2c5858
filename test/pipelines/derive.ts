import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { createDerivation } from '../../pipelines/derivation.ts';
import { FEATURE_SETS } from '../../pipelines/feature-sets.ts';
import { type TableRow, toRow } from '../../pipelines/rows.ts';
import { type TopicEvent, toTopic } from '../../pipelines/topics.ts';
import type { Entry, EventToAppend } from '../../streams/entry.ts';
import { importEntryId } from '../../streams/id.ts';

/** What was derived of a log, in the order in which it was told. */
export interface DerivedLog {
  readonly rows: TableRow[];
  readonly topics: TopicEvent[];
  /** `<event>: <message>` of each refused payload. */
  readonly refused: string[];
}

export interface DeriveOptions {
  /** Entries before which the state is saved and another derivation goes on from it. */
  readonly saveBefore?: (index: number) => boolean;
  /** Whether the recording ends; it does, where not said. */
  readonly isComplete?: boolean;
  /** Those that are built in, where not said. */
  readonly featureSets?: readonly FeatureSet[];
}

export function deriveLog(entries: readonly Entry[], options: DeriveOptions = {}): DerivedLog {
  const { saveBefore = () => false, isComplete = true, featureSets = FEATURE_SETS } = options;
  const log: DerivedLog = { rows: [], topics: [], refused: [] };
  const begin = (saved?: Uint8Array) =>
    createDerivation({
      saved,
      featureSets,
      onDerived(derived, at, scale) {
        const row = toRow(derived, at, scale);
        if (row !== undefined) log.rows.push(row);
        log.topics.push(toTopic(derived, at, scale));
      },
      onRefused: (error, { entryId, index }) => log.refused.push(`${entryId}:${index}: ${error.message}`),
    });
  let derivation = begin();
  for (const [index, entry] of entries.entries()) {
    if (saveBefore(index)) derivation = begin(derivation.save());
    derivation.push(entry);
  }
  if (saveBefore(entries.length)) derivation = begin(derivation.save());
  if (isComplete) derivation.end();
  return log;
}

/** Entries of the given numbers of events, in turn, with the ids that an import gives. */
export function entriesOf(events: readonly EventToAppend[], sizes: readonly number[] = [3]): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < events.length; ) {
    const part = events.slice(at, at + sizes[entries.length % sizes.length]!);
    entries.push({
      entryId: importEntryId(part[0]!.receiveTimeUs, entries.at(-1)?.entryId),
      traceparent: undefined,
      events: part.map((event) => ({ ...event, payload: Buffer.from(event.payload) })),
    });
    at += part.length;
  }
  return entries;
}

/** Rows of a table without what depends on how the log is cut into entries. */
export function plainRows(rows: readonly TableRow[], table?: string): unknown[] {
  return rows
    .filter((row) => table === undefined || row.table === table)
    .map(({ table: name, columns: { entry_id: _, ...columns } }) => ({ table: name, ...columns }));
}
