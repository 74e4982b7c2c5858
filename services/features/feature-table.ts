import { ensureTables, TABLES, type Table } from '../../infra/questdb/tables.ts';
import type { BarClock } from '../../operators/bar-clock.ts';
import { barLengthMs } from '../../operators/bar-clock-length.ts';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { AVAILABLE_SETS } from '../../pipelines/feature-sets.ts';

/** What of a set decides on its table. */
export interface TabledSet extends Pick<FeatureSet, 'table' | 'sampling'> {
  readonly isOfPair?: boolean;
  /** Of time bars where it is not said. */
  readonly clock?: BarClock;
  readonly columns: readonly { readonly name: string }[];
}

/**
 * The table of a feature set: a DOUBLE a column, which of them are valid, by which definition, and beside which other
 * instrument where it is one of two.
 */
export function featureTable({ table, columns, sampling, isOfPair = false, clock }: TabledSet): Table {
  const isOfQuotes = sampling === 'quotes';
  const isOfActivity = !isOfQuotes && clock !== undefined && barLengthMs(clock) === undefined;
  return {
    name: table,
    columns: [
      ...columns.map(({ name }) => [name, 'DOUBLE'] as const),
      ...(isOfQuotes ? [['update_id', 'LONG'] as const] : []),
      ['mask', 'LONG'],
      ['set_hash', 'SYMBOL'],
      ...(isOfPair ? [['other', 'SYMBOL'] as const, ['other_recording', 'SYMBOL'] as const] : []),
    ],
    // Bars that are not of time may close in one millisecond.
    dedupKeys: [
      ...(isOfQuotes ? ['update_id'] : []),
      ...(isOfActivity ? ['entry_id'] : []),
      ...(isOfPair ? ['other', 'other_recording'] : []),
    ],
  };
}

/** The tables that a derivation with these sets fills. */
export function derivedTables(sets: readonly FeatureSet[]): readonly Table[] {
  return [...TABLES, ...sets.map(featureTable)];
}

/** Those that can be read: the ones of sets that are filled when they are asked for as well. */
export const READABLE_TABLES: readonly Table[] = [...TABLES, ...AVAILABLE_SETS.map(featureTable)];

/**
 * Makes the tables that are missing, so that all of them can be read.
 * @param url QuestDB over HTTP
 */
export async function ensureReadableTables(url: string): Promise<void> {
  await ensureTables(url, READABLE_TABLES);
}
