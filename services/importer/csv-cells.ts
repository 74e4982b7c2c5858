import { shown } from './line-sink.ts';
import { microsOf, type TimeUnit, timeUnitOf } from './times.ts';

/** A cell that is not what its column promises. */
export class CellFault extends Error {
  readonly field: string;
  readonly expected: string;
  readonly found: string;

  constructor(field: string, expected: string, found: string | undefined) {
    super(`${field}: expected ${expected}, found ${shown(found)}`);
    this.name = 'CellFault';
    this.field = field;
    this.expected = expected;
    this.found = shown(found);
  }
}

/** The cells of one row by column name. Every reader throws CellFault where the cell is not of its kind. */
export interface Cells {
  has(column: string): boolean;
  text(column: string): string;
  /** An unsigned integer below 2^53, as text. */
  integer(column: string): string;
  /** A decimal, as text: the file's own, without an exponent. */
  decimal(column: string): string;
  signedDecimal(column: string): string;
  /** JSON `true` or `false`. */
  boolean(column: string): 'true' | 'false';
  /** Time in µs since the epoch, whatever its unit; the unit must be the same in the whole file. */
  timeUs(column: string): number;
}

const DECIMAL = /^\d+(\.\d+)?$/;
const EXPONENT = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/;

/** @param unit unit of the file's times; undefined: each cell's own */
export function cellsOf(columns: readonly string[], row: readonly string[], unit: TimeUnit | undefined): Cells {
  const cell = (column: string): string | undefined => row[columns.indexOf(column)];
  const signedDecimal = (column: string): string => {
    const text = cell(column) ?? '';
    const plain = plainDecimal(text);
    if (!DECIMAL.test(plain.replace(/^-/, ''))) throw new CellFault(column, 'a decimal', text);
    return plain;
  };
  return {
    has: (column) => (cell(column) ?? '') !== '',
    text(column) {
      const text = cell(column) ?? '';
      if (!/^[^\s"\\]+$/.test(text)) throw new CellFault(column, 'a word', text);
      return text;
    },
    integer(column) {
      const text = cell(column) ?? '';
      const isInteger = /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text));
      if (!isInteger) throw new CellFault(column, 'an integer from 0 to 2^53 - 1', text);
      return text;
    },
    decimal(column) {
      const text = signedDecimal(column);
      if (text.startsWith('-')) throw new CellFault(column, 'a decimal that is not negative', text);
      return text;
    },
    signedDecimal,
    boolean(column) {
      const text = (cell(column) ?? '').toLowerCase();
      if (text !== 'true' && text !== 'false') throw new CellFault(column, 'true or false', cell(column));
      return text;
    },
    timeUs(column) {
      const text = cell(column) ?? '';
      const unitHere = unit ?? timeUnitOf(text);
      const timeUs = unitHere === undefined ? Number.NaN : microsOf(text, unitHere);
      if (Number.isNaN(timeUs)) throw new CellFault(column, `a time in ${unit ?? 's, ms, us or ns'}`, text);
      return timeUs;
    },
  };
}

/** `6.91e-06` → `0.00000691`, exactly; every other text as it is. */
export function plainDecimal(text: string): string {
  const match = EXPONENT.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? digits.padStart(digits.length - point + 1, '0') : digits.padEnd(point, '0');
  const at = Math.max(1, point);
  const integerPart = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  return sign + integerPart + (padded.length > at ? `.${padded.slice(at)}` : '');
}

/** The cells of a line, without the quotes that some writers put around each. */
export function splitRow(line: string): string[] {
  const cells = line.split(',');
  return line.includes('"')
    ? cells.map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
    : cells.map((cell) => cell.trim());
}
