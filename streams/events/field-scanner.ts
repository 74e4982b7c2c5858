import { readInteger, readNumber } from './decimal.ts';
import { DecodeError, excerpt } from './decode-error.ts';
import { isNested, normaliseJson, skipString, skipValue } from './json-text.ts';
import type { Grid } from './scale.ts';

// Not imported: V8 reads an imported constant anew at each use, which made decoding a third slower.
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A wanted field, as a number: looking fields up by name costs more than reading them. */
export type Slot = number;

/**
 * Finds the wanted top-level fields of a compact JSON object by position, without parsing the rest.
 *
 * It never guesses: white space between tokens, an escape, a repeated wanted key, an unwanted nested value or
 * broken structure make `scan` normalise the text through `JSON.parse` and look again, so that every valid object is read
 * and every other one refused with the field, what was expected and what was found.
 */
export interface FieldScanner<Name extends string> {
  /** What the accessors take for a field. */
  readonly slots: Readonly<Record<Name, Slot>>;
  /** Finds the fields of one payload; the accessors below speak of it until the next `scan`. @throws DecodeError */
  scan(bytes: Uint8Array, start?: number, end?: number): void;
  has(slot: Slot): boolean;
  /** Unsigned integer below 2^53, written as a number or as a string of digits. @throws DecodeError */
  integer(slot: Slot): number;
  /** Decimal text (quoted or not) → multiple of the grid's unit. @throws DecodeError */
  count(slot: Slot, grid: Grid): number;
  /** Decimal text, unsigned → the nearest double. @throws DecodeError */
  number(slot: Slot): number;
  /** The same, with a sign or without. @throws DecodeError */
  signedNumber(slot: Slot): number;
  boolean(slot: Slot): boolean;
  text(slot: Slot): string;
  /** Whether the field is a string of just these bytes, without an escape. */
  is(slot: Slot, text: Uint8Array): boolean;
  /** @throws DecodeError where the field is neither a string nor null nor absent */
  textOrNull(slot: Slot): string | null;
  /** @throws DecodeError where the text is none of `options` */
  oneOf<Option extends string>(slot: Slot, options: readonly Option[]): Option;
  /** @throws DecodeError where the field is missing */
  require(slot: Slot, expected: string): void;
  /** Position of the field's value: [start, end) in `bytes()`, for nested objects. */
  range(slot: Slot): readonly [start: number, end: number];
  /** The bytes that positions refer to: the payload's own, or those of its normalised copy. */
  bytes(): Uint8Array;
}

/** Reads a nested value at `start` on the way past it; gives the position after it. @throws DecodeError */
export type NestedReader = (bytes: Uint8Array, start: number, end: number) => number;

/**
 * @param channel how errors name the payload
 * @param names the wanted keys, as the venue spells them
 * @param readers read nested values during the one pass of `scan`, instead of being asked for their `range` after it
 */
export function createFieldScanner<Name extends string>(
  channel: string,
  names: readonly Name[],
  readers?: { readonly [Key in NoInfer<Name>]?: NestedReader },
): FieldScanner<Name> {
  const slots = Object.fromEntries(names.map((name, slot) => [name, slot])) as Record<Name, Slot>;
  const keys = names.map((name) => Buffer.from(name));
  const readerOf = names.map((name) => readers?.[name]);
  const starts = new Int32Array(names.length);
  const ends = new Int32Array(names.length);
  const slotOfByte = new Int8Array(256).fill(-1);
  keys.forEach((key, slot) => {
    if (key.length === 1) slotOfByte[key[0]!] = slot;
  });
  let source: Uint8Array = new Uint8Array(0);

  function slotOfKey(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length === 1) return slotOfByte[bytes[start]!]!;
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot]!;
      if (key.length !== length) continue;
      let i = 0;
      while (i < length && key[i] === bytes[start + i]) i++;
      if (i === length) return slot;
    }
    return -1;
  }

  /** @param isValid the text is known to be valid JSON, so that what nobody wants need not be looked at */
  function find(bytes: Uint8Array, start: number, end: number, isValid: boolean): boolean {
    starts.fill(-1);
    source = bytes;
    if (bytes[start] !== OPEN_BRACE || bytes[end - 1] !== CLOSE_BRACE) return false;
    if (end - start === 2) return true;
    let i = start + 1;
    for (;;) {
      if (bytes[i] !== QUOTE) return false;
      const keyStart = i + 1;
      i = skipString(bytes, i, end, isValid) - 1;
      if (i < 0 || bytes[i + 1] !== COLON) return false;
      const slot = slotOfKey(bytes, keyStart, i);
      const valueStart = i + 2;
      const read = slot >= 0 ? readerOf[slot] : undefined;
      const valueEnd = read === undefined ? skipValue(bytes, valueStart, end, isValid) : read(bytes, valueStart, end);
      if (valueEnd < 0) return false;
      // Nested values are only skipped, which checks nothing; whoever wants one scans it, which does.
      if (slot < 0 && !isValid && isNested(bytes[valueStart])) return false;
      if (slot >= 0) {
        if (starts[slot]! >= 0) return false;
        starts[slot] = valueStart;
        ends[slot] = valueEnd;
      }
      i = valueEnd;
      if (bytes[i] === COMMA) i++;
      else return bytes[i] === CLOSE_BRACE && i === end - 1;
    }
  }

  function refuse(slot: Slot, expected: string): DecodeError {
    const isMissing = starts[slot]! < 0;
    const found = isMissing ? 'nothing' : excerpt(source, starts[slot]!, ends[slot]!);
    return new DecodeError(channel, names[slot]!, expected, found);
  }

  /** The value's text without its quotes, as [start, end) in `bounds`. */
  const bounds = { start: 0, end: 0 };
  function unquote(slot: Slot): void {
    let start = starts[slot]!;
    let end = ends[slot]!;
    if (start >= 0 && source[start] === QUOTE) {
      start++;
      end--;
    }
    bounds.start = start;
    bounds.end = start < 0 ? start : end;
  }

  function text(slot: Slot): string {
    const start = starts[slot]!;
    if (start < 0 || source[start] !== QUOTE) throw refuse(slot, 'a string');
    const raw = Buffer.from(source.buffer, source.byteOffset + start, ends[slot]! - start).toString();
    return raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1);
  }

  return {
    slots,
    scan(bytes, start = 0, end = bytes.length) {
      try {
        if (find(bytes, start, end, false)) return;
      } catch (error) {
        // A reader met something unexpected: white space perhaps, which the normalised text does not have.
        if (!(error instanceof DecodeError)) throw error;
      }
      const normal = normaliseJson(channel, bytes, start, end);
      if (!find(normal, 0, normal.length, true))
        throw new DecodeError(channel, '', 'a JSON object', excerpt(bytes, start, end));
    },
    has: (slot) => starts[slot]! >= 0,
    integer(slot) {
      unquote(slot);
      const value = readInteger(source, bounds.start, bounds.end);
      if (value < 0) throw refuse(slot, 'an integer from 0 to 2^53 - 1');
      return value;
    },
    count(slot, grid) {
      unquote(slot);
      const value = grid.read(source, bounds.start, bounds.end);
      if (Number.isNaN(value)) throw refuse(slot, `a decimal that is a multiple of ${grid.size}`);
      return value;
    },
    number(slot) {
      unquote(slot);
      const value = readNumber(source, bounds.start, bounds.end);
      if (Number.isNaN(value)) throw refuse(slot, 'a decimal from 0 on');
      return value;
    },
    signedNumber(slot) {
      unquote(slot);
      const isNegative = source[bounds.start] === MINUS;
      const value = readNumber(source, isNegative ? bounds.start + 1 : bounds.start, bounds.end);
      if (Number.isNaN(value)) throw refuse(slot, 'a decimal');
      return isNegative ? -value : value;
    },
    boolean(slot) {
      const length = ends[slot]! - starts[slot]!;
      if (starts[slot]! >= 0 && length === 4 && source[starts[slot]!] === 0x74) return true;
      if (starts[slot]! >= 0 && length === 5 && source[starts[slot]!] === 0x66) return false;
      throw refuse(slot, 'true or false');
    },
    text,
    is(slot, wanted) {
      const start = starts[slot]!;
      if (start < 0 || ends[slot]! - start !== wanted.length + 2 || source[start] !== QUOTE) return false;
      for (let i = 0; i < wanted.length; i++) if (source[start + 1 + i] !== wanted[i]) return false;
      return true;
    },
    textOrNull(slot) {
      const start = starts[slot]!;
      return start < 0 || source[start] === 0x6e ? null : text(slot);
    },
    oneOf(slot, options) {
      const found = text(slot);
      const option = options.find((candidate) => candidate === found);
      if (option === undefined) throw refuse(slot, `one of ${options.join(', ')}`);
      return option;
    },
    require(slot, expected) {
      if (starts[slot]! < 0) throw refuse(slot, expected);
    },
    range(slot) {
      if (starts[slot]! < 0) throw refuse(slot, 'a value');
      return [starts[slot]!, ends[slot]!];
    },
    bytes: () => source,
  };
}
