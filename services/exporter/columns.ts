/** How a column's values are written: prices and quantities are decimal texts in JSON, numbers elsewhere. */
export type ColumnKind = 'time' | 'integer' | 'decimal' | 'number' | 'text';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** A cell; a time in µs since the epoch. */
export type Value = string | number | null;

/** Shortest decimal text of a double, without an exponent: `6.91e-6` → `0.00000691`. */
export function plainNumber(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
