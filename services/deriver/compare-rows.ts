import type { Table } from '../../infra/questdb/tables.ts';
import type { TableRow } from '../../pipelines/rows.ts';
import { compareEntryIds, type EntryId, parseEventId } from '../../streams/id.ts';
import { type StoredRow, storedRows } from './stored-rows.ts';

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

export interface CompareRows {
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  readonly tables: readonly Table[];
  readonly instrument: string;
  readonly recording: string;
  /** Receive times, µs since the epoch, both included; undefined: no bound. */
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
  /** Stored rows that the log does not give are no difference behind this entry; null: nothing is derived yet. */
  readonly upTo: EntryId | null;
  /** Which of the stored rows are compared; all where it is not said. */
  readonly isMeant?: ((row: StoredRow) => boolean) | undefined;
  readonly onDifference: (difference: Difference) => void;
  /** Recomputed rows that are in memory at once, about. */
  readonly rowsASlice?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Compares what is stored with what is recomputed, to the last bit, in slices of receive time, whatever the log's length. */
export interface RowComparison {
  /** A recomputed row; one with the same key as an earlier one replaces it. */
  push(row: TableRow): void;
  /** Compares what is behind, where enough has come. @param receiveTimeUs of the last event that was gone through */
  pass(receiveTimeUs: number): Promise<void>;
  /** Compares the rest. @returns how many rows were compared, by table */
  end(): Promise<Readonly<Record<string, number>>>;
}

type Columns = TableRow['columns'];

/** What of one table is not settled yet, by the keys of rows. */
interface Unsettled {
  readonly table: Table;
  readonly recomputed: Map<string, Columns>;
  /** Of slices that were compared: rows without one that equals them, which may still come. */
  readonly lonely: Map<string, Columns>;
  readonly lonelyStored: Map<string, StoredRow>;
  count: number;
}

const ROWS_A_SLICE = 50_000;
/** More than so many without an equal are differences, and no longer wait for one. */
const LONELY_MAX = 100_000;

export function createRowComparison(options: CompareRows): RowComparison {
  const { questdbUrl, instrument, recording, fromUs = 0, toUs = Number.POSITIVE_INFINITY, signal } = options;
  const { isMeant = () => true, rowsASlice = ROWS_A_SLICE } = options;
  const parts = new Map(options.tables.map((table) => [table.name, createUnsettled(table)]));
  let waiting = 0;
  let lastUs = 0;
  /** Up to there stored rows were compared. */
  let comparedUs: number | undefined;

  async function compareUpTo(part: Unsettled, endUs: number | undefined): Promise<void> {
    const { table, recomputed, lonely, lonelyStored } = part;
    const bounds = {
      fromUs: comparedUs === undefined ? options.fromUs : Math.max(fromUs, comparedUs + 1),
      toUs: endUs === undefined ? options.toUs : Math.min(toUs, endUs),
    };
    for await (const page of storedRows({ url: questdbUrl, table, instrument, recording, ...bounds })) {
      signal?.throwIfAborted();
      for (const row of page) {
        if (!isMeant(row)) continue;
        const key = keyOf(table, row);
        const columns = recomputed.get(key);
        if (columns === undefined || columnThatDiffers(table, row, columns) !== undefined) lonelyStored.set(key, row);
        else {
          recomputed.delete(key);
          part.count++;
        }
      }
    }
    for (const [key, columns] of recomputed) {
      if (endUs !== undefined && receiveTimeOf(columns) > endUs) continue;
      recomputed.delete(key);
      lonely.set(key, columns);
    }
    if (lonely.size + lonelyStored.size > LONELY_MAX) settle(part, options);
  }

  return {
    push({ table: name, columns }) {
      const part = parts.get(name);
      if (part === undefined) throw new TypeError(`expected a table of ${[...parts.keys()].join(', ')}, found ${name}`);
      const receiveTimeUs = receiveTimeOf(columns);
      if (receiveTimeUs < fromUs || receiveTimeUs > toUs) return;
      const key = keyOf(part.table, columns);
      part.lonely.delete(key);
      part.recomputed.set(key, columns);
      waiting++;
    },
    async pass(receiveTimeUs) {
      lastUs = Math.max(lastUs, receiveTimeUs);
      // Rows of the last event's time may still come.
      const endUs = lastUs - 1;
      if (waiting < rowsASlice || endUs <= (comparedUs ?? fromUs)) return;
      for (const part of parts.values()) await compareUpTo(part, endUs);
      comparedUs = endUs;
      waiting = 0;
    },
    async end() {
      const counts: Record<string, number> = {};
      for (const [name, part] of parts) {
        await compareUpTo(part, undefined);
        settle(part, options);
        counts[name] = part.count;
      }
      return counts;
    },
  };
}

export function isBehind(eventId: string, upTo: EntryId | null): boolean {
  return upTo !== null && compareEntryIds(parseEventId(eventId).entryId, upTo) > 0;
}

function createUnsettled(table: Table): Unsettled {
  return { table, recomputed: new Map(), lonely: new Map(), lonelyStored: new Map(), count: 0 };
}

/** Says of each row that has no equal what is wrong with it. */
function settle(part: Unsettled, { upTo, onDifference }: CompareRows): void {
  const { table, lonely, lonelyStored } = part;
  for (const [key, stored] of lonelyStored) {
    const entryId = String(stored['entry_id']);
    const columns = lonely.get(key);
    if (columns === undefined) {
      // A live deriver commits rows before its checkpoint says so.
      if (!isBehind(entryId, upTo))
        onDifference({ table: table.name, entryId, kind: 'unexpected', column: null, stored, recomputed: null });
      continue;
    }
    lonely.delete(key);
    part.count++;
    const column = columnThatDiffers(table, stored, columns);
    if (column === undefined) continue;
    const values = { stored: stored[column] ?? null, recomputed: columns[column] ?? null };
    onDifference({ table: table.name, entryId, kind: 'differs', column, ...values });
  }
  for (const recomputed of lonely.values()) {
    const entryId = String(recomputed['entry_id']);
    onDifference({ table: table.name, entryId, kind: 'missing', column: null, stored: null, recomputed });
    part.count++;
  }
  lonely.clear();
  lonelyStored.clear();
}

function columnThatDiffers(table: Table, stored: StoredRow, recomputed: Columns): string | undefined {
  for (const name of ['ts', 'receive_time', 'entry_id'])
    if (!isSame(stored[name] ?? null, recomputed[name] ?? null)) return name;
  return table.columns.find(([name]) => !isSame(stored[name] ?? null, recomputed[name] ?? null))?.[0];
}

function isSame(stored: unknown, recomputed: unknown): boolean {
  if (Array.isArray(stored) && Array.isArray(recomputed))
    return stored.length === recomputed.length && stored.every((value, n) => isSame(value, recomputed[n]));
  return Object.is(stored, recomputed);
}

function keyOf({ dedupKeys }: Table, columns: Readonly<Record<string, unknown>>): string {
  return [columns['ts'], ...dedupKeys.map((name) => columns[name])].join('|');
}

function receiveTimeOf(columns: Columns): number {
  return Number(columns['receive_time']);
}
