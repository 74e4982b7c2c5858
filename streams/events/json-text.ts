import { DecodeError, excerpt } from './decode-error.ts';

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Whether the value that begins with this byte is an object or an array. */
export const isNested = (first: number | undefined): boolean => first === OPEN_BRACE || first === OPEN_BRACKET;

/**
 * End of the JSON value that starts at `i`, or −1 where it is broken. Of an object or array only the end is found: its
 * inside is not checked.
 * @param mayEscape false: a string with a backslash counts as broken
 */
export function skipValue(bytes: Uint8Array, i: number, end: number, mayEscape: boolean): number {
  const first = bytes[i]!;
  if (first === QUOTE) return skipString(bytes, i, end, mayEscape);
  if (isNested(first)) return skipNested(bytes, i, end, mayEscape);
  const start = i;
  while (i < end && bytes[i] !== COMMA && bytes[i] !== CLOSE_BRACE && bytes[i] !== CLOSE_BRACKET) i++;
  return isScalar(bytes, start, i) ? i : -1;
}

/** The same for a value that is a string, or a key. */
export function skipString(bytes: Uint8Array, i: number, end: number, mayEscape: boolean): number {
  for (i++; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) return i + 1;
    if (byte < 0x20) return -1;
    if (byte !== BACKSLASH) continue;
    if (!mayEscape) return -1;
    i++;
  }
  return -1;
}

function skipNested(bytes: Uint8Array, i: number, end: number, mayEscape: boolean): number {
  let depth = 0;
  for (; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = skipString(bytes, i, end, mayEscape) - 1;
      if (i < 0) return -1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--depth === 0) return i + 1;
    }
  }
  return -1;
}

function isScalar(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < 1) return false;
  const first = bytes[start]!;
  if ((first >= 48 && first <= 57) || first === MINUS) return isNumber(bytes, start, end);
  const word = first === 0x74 ? TRUE : first === 0x66 ? FALSE : NULL;
  if (length !== word.length) return false;
  for (let i = 0; i < length; i++) if (bytes[start + i] !== word[i]) return false;
  return true;
}

/** As JSON has them: digits on each side of a point, no zero in front of other digits, perhaps an exponent. */
function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const digits = bytes[start] === MINUS ? start + 1 : start;
  let i = skipDigits(bytes, digits, end);
  if (i === digits || (bytes[digits] === 48 && i > digits + 1)) return false;
  if (i < end && bytes[i] === DOT) {
    const places = i + 1;
    i = skipDigits(bytes, places, end);
    if (i === places) return false;
  }
  if (i < end && (bytes[i]! | 0x20) === 0x65) {
    const hasSign = bytes[i + 1] === PLUS || bytes[i + 1] === MINUS;
    const exponent = hasSign ? i + 2 : i + 1;
    i = skipDigits(bytes, exponent, end);
    if (i <= exponent) return false;
  }
  return i === end;
}

function skipDigits(bytes: Uint8Array, i: number, end: number): number {
  while (i < end && bytes[i]! >= 48 && bytes[i]! <= 57) i++;
  return i;
}

/** Makes a JSON number of a text as it is. Not yet among TypeScript's own declarations, nor is a reviver's `context`. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

const keepNumber = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === 'number' ? rawJSON(context?.source ?? String(value)) : value;

/**
 * The same object without white space, escapes that need not be and repeated keys; its numbers keep their text.
 * @throws DecodeError where the text is not a JSON object
 */
export function normaliseJson(channel: string, bytes: Uint8Array, start: number, end: number): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  try {
    const value: unknown = JSON.parse(text, keepNumber);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Buffer.from(JSON.stringify(value));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DecodeError(channel, '', 'a JSON object', `${excerpt(bytes, start, end)} (${reason})`);
  }
  throw new DecodeError(channel, '', 'a JSON object', excerpt(bytes, start, end));
}
