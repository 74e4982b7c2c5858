/**
 * Positions in JSON text: where a value ends, which members an object has, what text an element is.
 *
 * The log holds the exact text of the venue, so values are cut out of their wrappers here and never serialised again.
 * The scan is strict (RFC 8259): what it accepts, `JSON.parse` accepts.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;

/** No payload of the venue nests deeper than 5; the bound keeps a hostile frame from exhausting the stack. */
const NESTING_MAX = 64;

/** Called for each member of an object; positions are [start, end) in the text, keys without their quotes. */
export type MemberVisitor = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void;

/** Position of the first character at or after `i` that is not white space. */
export function skipSpace(text: string, i: number): number {
  let code = text.charCodeAt(i);
  while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++i);
  return i;
}

/** Position after the JSON value that starts at `i`, or −1 where there is no valid one. */
export function endOfValue(text: string, i: number, nesting = 0): number {
  const code = text.charCodeAt(i);
  if (code === QUOTE) return endOfString(text, i);
  if (code === OPEN_BRACE) return nesting < NESTING_MAX ? endOfObject(text, i, undefined, nesting + 1) : -1;
  if (code === OPEN_BRACKET) return nesting < NESTING_MAX ? endOfArray(text, i, undefined, nesting + 1) : -1;
  if (code === MINUS || (code >= 0x30 && code <= 0x39)) return endOfNumber(text, i);
  if (text.startsWith('true', i) || text.startsWith('null', i)) return i + 4;
  return text.startsWith('false', i) ? i + 5 : -1;
}

/** Position after the object that starts at `i`, or −1; `visit` sees its own members, not those of nested objects. */
export function endOfObject(text: string, i: number, visit?: MemberVisitor, nesting = 1): number {
  if (text.charCodeAt(i) !== OPEN_BRACE) return -1;
  i = skipSpace(text, i + 1);
  if (text.charCodeAt(i) === CLOSE_BRACE) return i + 1;
  for (;;) {
    const keyEnd = text.charCodeAt(i) === QUOTE ? endOfString(text, i) : -1;
    if (keyEnd < 0) return -1;
    const keyStart = i + 1;
    i = skipSpace(text, keyEnd);
    if (text.charCodeAt(i) !== COLON) return -1;
    const valueStart = skipSpace(text, i + 1);
    const valueEnd = endOfValue(text, valueStart, nesting);
    if (valueEnd < 0) return -1;
    if (visit !== undefined) visit(keyStart, keyEnd - 1, valueStart, valueEnd);
    i = skipSpace(text, valueEnd);
    const code = text.charCodeAt(i);
    if (code === CLOSE_BRACE) return i + 1;
    if (code !== COMMA) return -1;
    i = skipSpace(text, i + 1);
  }
}

/** Position after the array that starts at `i`, or −1; `visit` sees each element as [start, end). */
export function endOfArray(text: string, i: number, visit?: (start: number, end: number) => void, nesting = 1): number {
  if (text.charCodeAt(i) !== OPEN_BRACKET) return -1;
  i = skipSpace(text, i + 1);
  if (text.charCodeAt(i) === CLOSE_BRACKET) return i + 1;
  for (;;) {
    const end = endOfValue(text, i, nesting);
    if (end < 0) return -1;
    if (visit !== undefined) visit(i, end);
    i = skipSpace(text, end);
    const code = text.charCodeAt(i);
    if (code === CLOSE_BRACKET) return i + 1;
    if (code !== COMMA) return -1;
    i = skipSpace(text, i + 1);
  }
}

/** The exact texts of the elements of a JSON array, or undefined where the text is not one. */
export function elementTexts(text: string): string[] | undefined {
  const elements: string[] = [];
  const end = endOfArray(text, skipSpace(text, 0), (start, stop) => elements.push(text.slice(start, stop)));
  return end >= 0 && skipSpace(text, end) === text.length ? elements : undefined;
}

/** The exact texts of the members of a JSON object by key, or undefined where the text is not an object. */
export function memberTexts(text: string): Map<string, string> | undefined {
  const members = new Map<string, string>();
  const end = endOfObject(text, skipSpace(text, 0), (keyStart, keyEnd, start, stop) => {
    members.set(stringAt(text, keyStart, keyEnd), text.slice(start, stop));
  });
  return end >= 0 && skipSpace(text, end) === text.length ? members : undefined;
}

/** Where the value of an object's member lies, or undefined where the text is no object or has no such member. */
export function memberRange(text: string, name: string): { start: number; end: number } | undefined {
  let range: { start: number; end: number } | undefined;
  const objectEnd = endOfObject(text, skipSpace(text, 0), (keyStart, keyEnd, start, end) => {
    if (stringAt(text, keyStart, keyEnd) === name) range = { start, end };
  });
  return objectEnd < 0 ? undefined : range;
}

/** The unsigned integer at [start, end); NaN where there is none, or none that a double holds exactly. */
export function integerAt(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return end > start && Number.isSafeInteger(value) ? value : Number.NaN;
}

/** The string whose characters, without the quotes, lie at [start, end). */
export function stringAt(text: string, start: number, end: number): string {
  const raw = text.slice(start, end);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

function endOfString(text: string, i: number): number {
  for (i++; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    if (code < 0x20) return -1;
    if (code === BACKSLASH) {
      i = endOfEscape(text, i) - 1;
      if (i < 0) return -1;
    }
  }
  return -1;
}

function endOfEscape(text: string, i: number): number {
  const escaped = text[i + 1];
  if (escaped === undefined) return -1;
  if (escaped !== 'u') return '"\\/bfnrt'.includes(escaped) ? i + 2 : -1;
  return /^[0-9a-fA-F]{4}$/.test(text.slice(i + 2, i + 6)) ? i + 6 : -1;
}

function endOfNumber(text: string, i: number): number {
  if (text.charCodeAt(i) === MINUS) i++;
  const first = i;
  i = skipDigits(text, i);
  const hasLeadingZero = text.charCodeAt(first) === 0x30 && i > first + 1;
  if (i === first || hasLeadingZero) return -1;
  if (text.charCodeAt(i) === POINT) {
    const fraction = i + 1;
    i = skipDigits(text, fraction);
    if (i === fraction) return -1;
  }
  const exponent = text.charCodeAt(i) | 0x20;
  if (exponent !== 0x65) return i;
  const sign = text.charCodeAt(++i);
  if (sign === PLUS || sign === MINUS) i++;
  const digits = i;
  i = skipDigits(text, i);
  return i === digits ? -1 : i;
}

function skipDigits(text: string, i: number): number {
  let code = text.charCodeAt(i);
  while (code >= 0x30 && code <= 0x39) code = text.charCodeAt(++i);
  return i;
}
