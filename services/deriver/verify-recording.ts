import type { Redis } from 'ioredis';
import { waitUntilApplied } from '../../infra/questdb/applied.ts';
import type { Table } from '../../infra/questdb/tables.ts';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { createDerivation, DERIVATION_VERSION, type Derivation } from '../../pipelines/derivation.ts';
import { FEATURE_SETS, setsOfVersion } from '../../pipelines/feature-sets.ts';
import { type TableRow, toRow } from '../../pipelines/rows.ts';
import { getCheckpoint } from '../../streams/checkpoint.ts';
import { compareEntryIds, parseEventId } from '../../streams/id.ts';
import { describeRecording } from '../../streams/recordings.ts';
import { replay } from '../../streams/replay.ts';
import { derivedTables } from '../features/feature-table.ts';
import { CONSUMER } from './deriver.ts';
import { type StoredRow, storedRows } from './stored-rows.ts';

/** Entries after which the recomputation goes on from its own saved state, unlike what it checks. */
const ENTRIES_A_CHUNK = 997;
const DIFFERENCES_MAX = 20;

export interface VerifyOptions {
  readonly redis: Redis;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  readonly instrument: string;
  readonly recording: string;
  /** Receive times, µs since the epoch, both included; undefined: no bound. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly onProgress?: (events: number) => void;
}

/** A row that is not as it should be. */
export interface Difference {
  readonly table: string;
  readonly entryId: string;
  readonly kind: 'differs' | 'missing' | 'unexpected';
  /** null where the row as a whole is missing or unexpected. */
  readonly column: string | null;
  readonly stored: unknown;
  readonly recomputed: unknown;
}

export interface VerifyReport {
  readonly instrument: string;
  readonly recording: string;
  /** Last entry that was recomputed; null where nothing has been derived yet. */
  readonly upTo: string | null;
  /** The version that derived it, where that is not this one: its rows cannot be compared. */
  readonly outdated: string | null;
  /** Rows compared by table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly differenceCount: number;
  /** The first of them, in order of table and time. */
  readonly differences: readonly Difference[];
}

type Rows = Map<string, Map<string, TableRow['columns']>>;

/**
 * Recomputes what was derived of a recording from the log, in other chunks, and compares it with what is stored, to the
 * last bit.
 */
export async function verifyRecording(options: VerifyOptions): Promise<VerifyReport> {
  const { redis, questdbUrl, instrument, recording, fromUs, toUs } = options;
  await waitUntilApplied(questdbUrl);
  const stored = await getCheckpoint(redis, { instrument, consumer: CONSUMER, recording });
  const featureSets = stored === undefined ? undefined : setsOfVersion(DERIVATION_VERSION, stored.version);
  const outdated = stored !== undefined && featureSets === undefined ? stored.version : null;
  if (outdated !== null)
    return { instrument, recording, upTo: null, outdated, rows: {}, differenceCount: 0, differences: [] };
  const upTo = featureSets === undefined ? null : stored!.entryId;
  const tables = derivedTables(featureSets ?? FEATURE_SETS);
  const expected: Rows = new Map(tables.map(({ name }) => [name, new Map()]));
  if (upTo !== null) await recompute(options, upTo, tables, featureSets!, expected);
  const counts: Record<string, number> = {};
  const differences: Difference[] = [];
  let differenceCount = 0;
  const report = (difference: Difference): void => {
    differenceCount++;
    if (differences.length < DIFFERENCES_MAX) differences.push(difference);
  };
  for (const table of tables) {
    const rows = expected.get(table.name)!;
    counts[table.name] = rows.size;
    for await (const page of storedRows({ url: questdbUrl, table, instrument, recording, fromUs, toUs }))
      for (const row of page) compare(table, row, rows, upTo, report);
    for (const columns of rows.values()) report(missing(table, columns));
  }
  return { instrument, recording, upTo, outdated, rows: counts, differenceCount, differences };
}

async function recompute(
  options: VerifyOptions,
  upTo: string,
  tables: readonly Table[],
  featureSets: readonly FeatureSet[],
  expected: Rows,
): Promise<void> {
  const { redis, instrument, recording, fromUs, toUs, onProgress } = options;
  const keep = ({ table, columns }: TableRow): void => {
    const receiveTimeUs = Number(columns['receive_time']);
    const isInSpan = receiveTimeUs >= (fromUs ?? 0) && receiveTimeUs <= (toUs ?? Number.POSITIVE_INFINITY);
    if (isInSpan) expected.get(table)!.set(keyOf(tableNamed(tables, table), columns), columns);
  };
  const begin = (saved?: Uint8Array): Derivation =>
    createDerivation({
      saved,
      featureSets,
      onDerived: (derived, at, scale) => {
        const row = toRow(derived, at, scale);
        if (row !== undefined) keep(row);
      },
      // It has its dead letter already; here only its effect on the rows counts.
      onRefused: () => {},
    });
  let derivation = begin();
  let entryCount = 0;
  let events = 0;
  for await (const entries of replay({ redis, instrument, recording, to: upTo })) {
    for (const entry of entries) {
      derivation.push(entry);
      events += entry.events.length;
      if (++entryCount % ENTRIES_A_CHUNK === 0) derivation = begin(derivation.save());
    }
    onProgress?.(events);
  }
  const known = await describeRecording(redis, instrument, recording);
  if (known?.kind === 'import' && known.counts !== undefined) derivation.end();
}

function compare(
  table: Table,
  row: StoredRow,
  rows: Map<string, TableRow['columns']>,
  upTo: string | null,
  report: (difference: Difference) => void,
): void {
  const key = keyOf(table, row);
  const columns = rows.get(key);
  const entryId = String(row['entry_id']);
  if (columns === undefined) {
    // A live deriver commits rows before its checkpoint says so.
    if (!isBehind(entryId, upTo))
      report({ table: table.name, entryId, kind: 'unexpected', column: null, stored: row, recomputed: null });
    return;
  }
  rows.delete(key);
  for (const [name] of [['ts'], ['receive_time'], ['entry_id'], ...table.columns]) {
    const [stored, recomputed] = [row[name!] ?? null, columns[name!] ?? null];
    if (isSame(stored, recomputed)) continue;
    report({ table: table.name, entryId, kind: 'differs', column: name!, stored, recomputed });
    return;
  }
}

function missing({ name }: Table, columns: TableRow['columns']): Difference {
  const entryId = String(columns['entry_id']);
  return { table: name, entryId, kind: 'missing', column: null, stored: null, recomputed: columns };
}

function isBehind(eventId: string, upTo: string | null): boolean {
  return upTo !== null && compareEntryIds(parseEventId(eventId).entryId, upTo) > 0;
}

function isSame(stored: unknown, recomputed: unknown): boolean {
  if (Array.isArray(stored) && Array.isArray(recomputed))
    return stored.length === recomputed.length && stored.every((value, n) => isSame(value, recomputed[n]));
  return Object.is(stored, recomputed);
}

function keyOf({ dedupKeys }: Table, columns: Readonly<Record<string, unknown>>): string {
  return [columns['ts'], ...dedupKeys.map((name) => columns[name])].join('|');
}

function tableNamed(tables: readonly Table[], name: string): Table {
  const table = tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new TypeError(`expected a table of docs/architecture.md, found ${name}`);
  return table;
}
