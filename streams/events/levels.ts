import { FAST_DIGITS_MAX } from './decimal.ts';
import { DecodeError, excerpt } from './decode-error.ts';
import type { Grid, Scale } from './scale.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const DOT = 0x2e;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const CAPACITY_AT_START = 1_024;
/** Above any depth message of the venue (1,000 levels a side); a larger one is no market data. */
const LEVELS_MAX = 100_000;

/**
 * Price levels of one side, in the order in which the venue sent them. The arrays are **lent**: they hold the next
 * event's levels after the next decode, so whoever keeps a level copies it.
 */
export interface Levels {
  /** Where the first level stands in the arrays. */
  readonly start: number;
  /** Number of levels; the arrays are longer. */
  readonly count: number;
  /** Price in ticks. */
  readonly ticks: Float64Array;
  /** Absolute quantity at the price, in steps; 0 removes the level. */
  readonly steps: Float64Array;
}

/** Reads `[["61496.50","0.010"],…]` into arrays that it uses again. */
export interface LevelsReader extends Levels {
  /**
   * @param start position of the opening bracket
   * @returns the position after the closing bracket
   * @throws DecodeError naming level and number
   */
  read(bytes: Uint8Array, start: number, end: number, scale: Scale): number;
}

const PAIR = '["price","qty"]';
const numberOn = (grid: Grid): string => `a decimal that is a multiple of ${grid.size}`;

/** Where `readUpToQuote` stopped. */
let quoteAt = 0;

/** `grid.read` of the text from `start` up to the next quote, in one pass where the digits fit 31 bits. */
function readUpToQuote(bytes: Uint8Array, start: number, end: number, grid: Grid): number {
  let units = 0;
  let dot = 0;
  let i = start;
  for (; ; i++) {
    const digit = bytes[i]! - 48;
    if (digit >= 0 && digit <= 9) units = (Math.imul(units, 10) + digit) | 0;
    else if (digit === DOT - 48 && dot === 0) dot = i;
    else break;
  }
  if (bytes[i] === QUOTE && i < end) {
    quoteAt = i;
    if (dot === 0) {
      if (i - start <= FAST_DIGITS_MAX && i > start) return grid.fromUnits(units, 0);
    } else if (i - start <= FAST_DIGITS_MAX + 1 && dot > start && dot < i - 1) {
      return grid.fromUnits(units, i - 1 - dot);
    }
  } else {
    while (i < end && bytes[i] !== QUOTE) i++;
    quoteAt = i;
  }
  return grid.read(bytes, start, i);
}

/** @param field how errors name the side, e.g. `b` */
export function createLevelsReader(channel: string, field: string): LevelsReader {
  let ticks = new Float64Array(CAPACITY_AT_START);
  let steps = new Float64Array(CAPACITY_AT_START);
  let count = 0;

  function grow(): void {
    if (ticks.length >= LEVELS_MAX) throw new DecodeError(channel, field, `at most ${LEVELS_MAX} levels`, 'more');
    const longer = (array: Float64Array): Float64Array<ArrayBuffer> => {
      const copy = new Float64Array(array.length * 4);
      copy.set(array);
      return copy;
    };
    ticks = longer(ticks);
    steps = longer(steps);
  }

  function refuse(
    n: number,
    part: string,
    expected: string,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): DecodeError {
    return new DecodeError(channel, n < 0 ? field : `${field}[${n}]${part}`, expected, excerpt(bytes, start, end));
  }

  function read(bytes: Uint8Array, start: number, end: number, scale: Scale): number {
    count = 0;
    let i = start;
    if (bytes[i++] !== OPEN_BRACKET) throw refuse(-1, '', 'an array of price levels', bytes, start, end);
    if (bytes[i] === CLOSE_BRACKET) return i + 1;
    const { price, qty } = scale;
    for (let n = 0; ; ) {
      if (bytes[i] !== OPEN_BRACKET || bytes[i + 1] !== QUOTE) throw refuse(n, '', PAIR, bytes, i, end);
      const priceStart = i + 2;
      const tick = readUpToQuote(bytes, priceStart, end, price);
      i = quoteAt;
      if (Number.isNaN(tick)) throw refuse(n, '[0]', numberOn(price), bytes, priceStart, i);
      if (bytes[i + 1] !== COMMA || bytes[i + 2] !== QUOTE) throw refuse(n, '', PAIR, bytes, priceStart - 2, end);
      const qtyStart = i + 3;
      const step = readUpToQuote(bytes, qtyStart, end, qty);
      i = quoteAt;
      if (Number.isNaN(step)) throw refuse(n, '[1]', numberOn(qty), bytes, qtyStart, i);
      if (bytes[i + 1] !== CLOSE_BRACKET) throw refuse(n, '', PAIR, bytes, priceStart - 2, end);
      if (n === ticks.length) grow();
      ticks[n] = tick;
      steps[n] = step;
      n++;
      i += 2;
      if (bytes[i] === COMMA) i++;
      else if (bytes[i] === CLOSE_BRACKET && i < end) {
        count = n;
        return i + 1;
      } else throw refuse(n, '', ', or ]', bytes, i, end);
    }
  }

  return {
    start: 0,
    read,
    get count() {
      return count;
    },
    get ticks() {
      return ticks;
    },
    get steps() {
      return steps;
    },
  };
}
