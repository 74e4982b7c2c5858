import type { Column } from './datasets.ts';
import { decimalText } from './decimal-text.ts';
import type { StoredRow } from './read-page.ts';

/** Digits after the point of an instrument's prices and quantities; 0 where they are not known. */
export interface Decimals {
  readonly price: number;
  readonly qty: number;
}

type Cell = string | number | null | undefined;

/**
 * Rows as a JSON list: prices and quantities as decimal strings, times and ids as integers, digit for digit also above
 * 2^53.
 */
export function renderJson(columns: readonly Column[], rows: readonly StoredRow[], decimals: Decimals): string {
  const keys = columns.map(({ name }) => JSON.stringify(name));
  const objects = rows.map((row) => {
    const members = columns.map((column, n) => `${keys[n]}:${jsonValue(column, row[column.name], decimals)}`);
    return `{${members.join(',')}}`;
  });
  return `[${objects.join(',')}]`;
}

/** Rows as CSV (RFC 4180) with a header line; numbers plain, null empty. */
export function renderCsv(columns: readonly Column[], rows: readonly StoredRow[], decimals: Decimals): string {
  const lines = rows.map((row) => columns.map((column) => csvCell(column, row[column.name], decimals)).join(','));
  return [columns.map(({ name }) => name).join(','), ...lines, ''].join('\r\n');
}

function jsonValue(column: Column, value: Cell, decimals: Decimals): string {
  if (value === null || value === undefined) return 'null';
  if (column.kind === 'text') return JSON.stringify(value);
  const text = numberText(column, value, decimals);
  return column.kind === 'price' || column.kind === 'qty' || column.kind === 'decimal' ? `"${text}"` : text;
}

function csvCell(column: Column, value: Cell, decimals: Decimals): string {
  if (value === null || value === undefined) return '';
  if (column.kind !== 'text') return numberText(column, value, decimals);
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function numberText({ kind }: Column, value: string | number, decimals: Decimals): string {
  if (kind === 'time' || kind === 'integer') return String(value);
  if (kind === 'number') return String(Number(value));
  return decimalText(Number(value), kind === 'price' ? decimals.price : kind === 'qty' ? decimals.qty : 0);
}
