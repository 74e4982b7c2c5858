import { RedisAnswerError } from './passing-error.ts';

/** An entry of a stream as Redis answers it: its id, and its field/value pairs in one list. */
export type RangeEntry = readonly [id: string, pairs: readonly (string | Buffer)[]];

/**
 * Reads answers to XRANGE (RESP2) from the bytes of a connection, without an object for each number and mark in them.
 *
 * ioredis makes a Buffer of every field name and pieces answers together from chunks of 64 KB, and so a replay would
 * spend more time there than in decoding. Here an answer lies in one piece of memory, the few field names are
 * recognised, and the values point into it.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export interface RangeReader {
  /**
   * Goes on with an answer.
   * @param bytes the answer from its first byte on
   * @param end how far it has come
   * @returns the entries, whose values share the memory of `bytes`; undefined while the answer is not complete
   * @throws RedisAnswerError where Redis answered with an error
   */
  read(bytes: Buffer, end: number): readonly RangeEntry[] | undefined;
}

interface FieldName {
  readonly bytes: Buffer;
  readonly text: string;
  readonly hasTextValue: boolean;
}

const STAR = 0x2a;
const DOLLAR = 0x24;
const MINUS = 0x2d;
const CR = 0x0d;

/** Channels are few; whatever has more field names of one length is not a log. */
const NAMES_OF_A_LENGTH_MAX = 64;

/** @param textFields fields whose values are given as text; all others' as Buffers */
export function createRangeReader(textFields: ReadonlySet<string>): RangeReader {
  const namesByLength: FieldName[][] = [];
  let source: Buffer = Buffer.alloc(0);
  let available = 0;
  /** Where the next thing begins that is not read yet. */
  let position = 0;
  let entriesLeft = -1;
  let stage: 'entry' | 'id' | 'pairs' | 'parts' = 'entry';
  /** Field names and values left of the entry. */
  let partsLeft = 0;
  let id = '';
  let pairs: (string | Buffer)[] = [];
  let isTextNext = false;
  let entries: RangeEntry[] = [];

  function begin(): void {
    entriesLeft = -1;
    entries = [];
  }

  /** The number in the line at `position`, which begins with `mark`; −1 while the line is not complete. */
  function count(mark: number): number {
    const found = source[position];
    let i = position + 1;
    let value = 0;
    for (; i < available && source[i] !== CR; i++) {
      const digit = source[i]! - 0x30;
      value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
    }
    if (i + 1 >= available) return -1;
    if (found === MINUS) throw new RedisAnswerError(source.toString('utf8', position + 1, i));
    if (found !== mark || Number.isNaN(value))
      throw new Error(
        `answer of Redis: expected "${String.fromCharCode(mark)}" and a number, found "${source.toString('latin1', position, i)}"`,
      );
    position = i + 2;
    return value;
  }

  /** Start of the text at `position`, which is left where the text is not complete; then −1. */
  let textEnd = 0;
  function text(): number {
    const before = position;
    const length = count(DOLLAR);
    const start = position;
    if (length < 0 || start + length + 2 > available) {
      position = before;
      return -1;
    }
    textEnd = start + length;
    position = textEnd + 2;
    return start;
  }

  function nameAt(start: number, end: number): FieldName {
    const length = end - start;
    namesByLength[length] ??= [];
    const names = namesByLength[length];
    for (const name of names) {
      let i = 0;
      while (i < length && name.bytes[i] === source[start + i]) i++;
      if (i === length) return name;
    }
    const bytes = Buffer.from(source.subarray(start, end));
    const name = { bytes, text: bytes.toString(), hasTextValue: textFields.has(bytes.toString()) };
    if (names.length < NAMES_OF_A_LENGTH_MAX) names.push(name);
    return name;
  }

  /** Reads as much of an entry as there is; false while it is not complete. */
  function readEntry(): boolean {
    if (stage === 'entry') {
      if (count(STAR) < 0) return false;
      stage = 'id';
    }
    if (stage === 'id') {
      const start = text();
      if (start < 0) return false;
      id = source.toString('latin1', start, textEnd);
      stage = 'pairs';
    }
    if (stage === 'pairs') {
      partsLeft = count(STAR);
      if (partsLeft < 0) return false;
      pairs = [];
      stage = 'parts';
    }
    for (; partsLeft > 0; partsLeft--) {
      const start = text();
      if (start < 0) return false;
      if (partsLeft % 2 === 0) {
        const name = nameAt(start, textEnd);
        isTextNext = name.hasTextValue;
        pairs.push(name.text);
      } else pairs.push(isTextNext ? source.toString('utf8', start, textEnd) : source.subarray(start, textEnd));
    }
    entries.push([id, pairs]);
    stage = 'entry';
    return true;
  }

  return {
    read(bytes, end) {
      source = bytes;
      available = end;
      if (entriesLeft < 0) {
        position = 0;
        entriesLeft = count(STAR);
        if (entriesLeft < 0) return undefined;
      }
      for (; entriesLeft > 0; entriesLeft--) if (!readEntry()) return undefined;
      const complete = entries;
      begin();
      return complete;
    },
  };
}
