import type { Dataset } from './datasets.ts';

/** Values of a row's order columns, as texts. */
export type OrderValues = readonly string[];

/** Points behind a row; says nothing to a client, and only fits the route that made it. */
export function encodeCursor({ table }: Dataset, values: OrderValues): string {
  return Buffer.from(JSON.stringify([table, ...values])).toString('base64url');
}

const INTEGER = /^-?\d{1,19}$/;
const TEXT_LENGTH_MAX = 200;

/** @returns undefined where the text is no cursor of this dataset */
export function decodeCursor({ table, order }: Dataset, text: string): OrderValues | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== order.length + 1 || parts[0] !== table) return undefined;
  const values: unknown[] = parts.slice(1);
  const fits = order.every(({ kind }, n) => isValue(kind, values[n]));
  return fits ? (values as string[]) : undefined;
}

function isValue(kind: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return kind === 'time' || kind === 'integer' ? INTEGER.test(value) : value.length <= TEXT_LENGTH_MAX;
}
