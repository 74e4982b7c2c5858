import type { Column, Value } from './columns.ts';
import { plainNumber } from './columns.ts';
import { createParquetWriter } from './parquet-writer.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl', 'parquet'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Turns rows into the bytes of a file, piece by piece. */
export interface RowWriter {
  write(rows: readonly (readonly Value[])[]): Uint8Array;
  /** What ends the file. */
  end(): Uint8Array;
}

export function createRowWriter(format: ExportFormat, columns: readonly Column[]): RowWriter {
  switch (format) {
    case 'csv':
      return createCsvWriter(columns);
    case 'jsonl':
      return createJsonLinesWriter(columns);
    case 'parquet':
      return createParquetWriter(columns);
  }
}

const NOTHING = new Uint8Array(0);

function createCsvWriter(columns: readonly Column[]): RowWriter {
  let head = `${columns.map(({ name }) => name).join(',')}\n`;
  const cell = (value: Value): string => {
    if (value === null) return '';
    if (typeof value === 'number') return plainNumber(value);
    return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const take = (rows: readonly (readonly Value[])[]): Uint8Array => {
    const text = head + rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
    head = '';
    return Buffer.from(text);
  };
  // A file without rows still names its columns.
  return { write: take, end: () => (head === '' ? NOTHING : take([])) };
}

function createJsonLinesWriter(columns: readonly Column[]): RowWriter {
  const names = columns.map(({ name }) => JSON.stringify(name));
  const cell = (value: Value, column: number): string => {
    if (value === null) return 'null';
    if (typeof value === 'string') return JSON.stringify(value);
    return columns[column]!.kind === 'decimal' ? `"${plainNumber(value)}"` : plainNumber(value);
  };
  return {
    write: (rows) =>
      Buffer.from(
        rows.map((row) => `{${row.map((value, n) => `${names[n]}:${cell(value, n)}`).join(',')}}\n`).join(''),
      ),
    end: () => NOTHING,
  };
}
