import { COMMON_COLUMNS, type Column as TableColumn } from '../../infra/questdb/tables.ts';
import { AVAILABLE_SETS } from '../../pipelines/feature-sets.ts';
import { READABLE_TABLES } from '../features/feature-table.ts';
import { KLINE_INTERVALS } from '../importer/kline-interval.ts';
import type { Column, ColumnKind } from './columns.ts';

/** What can be exported beside the log itself: rows of a table. */
export interface Dataset {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly Column[];
  /** Column → the value that rows must have. */
  readonly equal: Readonly<Record<string, string>>;
}

const TABLE_OF: Readonly<Record<string, string>> = {
  book_top: 'book_top',
  trades: 'trades',
  liquidations: 'liquidations',
  mark_prices: 'mark_prices',
  gaps: 'gaps',
  features: 'features_spine_v1',
  ...Object.fromEntries(AVAILABLE_SETS.map(({ table }) => [table, table])),
};

export const DATASET_NAMES = ['raw', ...Object.keys(TABLE_OF), 'bars_1s', 'bars_1m', 'bars_<interval>'] as const;

/** The dataset of that name, which is not `raw`; undefined where there is none. */
export function datasetNamed(name: string): Dataset | undefined {
  const interval = /^bars_(\w+)$/.exec(name)?.[1];
  if (interval !== undefined)
    return KLINE_INTERVALS.includes(interval) ? describe(name, 'bars', { interval }) : undefined;
  const table = TABLE_OF[name];
  return table === undefined ? undefined : describe(name, table, {});
}

/** Names that a wrong one may have been meant as. */
export function knownDatasetNames(): string[] {
  return ['raw', ...Object.keys(TABLE_OF), ...KLINE_INTERVALS.map((interval) => `bars_${interval}`)];
}

function describe(name: string, table: string, equal: Readonly<Record<string, string>>): Dataset {
  const found = READABLE_TABLES.find((candidate) => candidate.name === table);
  if (found === undefined) throw new TypeError(`expected a table of docs/architecture.md, found ${table}`);
  const isMeasured = table.startsWith('features_');
  const columns = [...COMMON_COLUMNS, ...found.columns].map((column) => ({
    name: column[0],
    kind: kindOf(column, isMeasured),
  }));
  return { name, table, columns, equal };
}

/** Features are numbers that Don computes; every other double came as a decimal text of the venue. */
function kindOf([, type]: TableColumn, isMeasured: boolean): ColumnKind {
  if (type === 'TIMESTAMP') return 'time';
  if (type === 'LONG') return 'integer';
  if (type === 'DOUBLE') return isMeasured ? 'number' : 'decimal';
  return 'text';
}
