import type { CsvTable } from './csv-table.ts';
import { FUNDING_TABLE } from './funding-table.ts';
import { KLINES_TABLE } from './klines-table.ts';
import { LIQUIDATIONS_TABLE } from './liquidations-table.ts';
import { AGG_TRADES_TABLE, TRADES_TABLE } from './trades-tables.ts';

/** Tables of more columns first: the first that fits a row without a header is taken. */
export const CSV_TABLES: readonly CsvTable[] = [
  LIQUIDATIONS_TABLE,
  KLINES_TABLE,
  AGG_TRADES_TABLE,
  TRADES_TABLE,
  FUNDING_TABLE,
];

/** How the columns of a file lie. */
export interface CsvLayout {
  readonly table: CsvTable;
  readonly columns: readonly string[];
  /** The row that names the columns; undefined where the file has none. */
  readonly header: string | undefined;
}

/** Recognises a table by the header's names, or by the shape of a row without one. */
export function csvLayoutOf(row: readonly string[]): CsvLayout | undefined {
  const names = row.map((cell) => cell.toLowerCase());
  for (const table of CSV_TABLES) {
    const columns = names.map((name) => {
      const known = Object.entries(table.columns).find(([, spellings]) => spellings.includes(name));
      return known?.[0] ?? name;
    });
    if (table.required.every((column) => columns.includes(column))) return { table, columns, header: row.join() };
  }
  for (const table of CSV_TABLES) {
    const layout = table.layouts.find(({ columns, fits }) => columns.length === row.length && fits(row));
    if (layout !== undefined) return { table, columns: layout.columns, header: undefined };
  }
  return undefined;
}
