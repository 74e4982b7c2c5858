/** Longest number text whose digits always fit a double exactly. */
const DIGITS_MAX = 15;
/** Digits that fit 31 bits, so that reading them stays in integer registers. */
export const FAST_DIGITS_MAX = 9;

const DOT = 0x2e;

/** Result of `readDecimal`: number of digits after the point of the text read last. */
export const lastDecimal = { places: 0 };

/**
 * Reads a plain decimal text (`61496.50`) as an integer count of its last digit's unit, exactly.
 * The number of digits after the point is left in `lastDecimal.places`.
 * @returns the count, ≥ 0; −1 where the text is not a plain, unsigned decimal of at most 15 digits
 */
export function readDecimal(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 1 || length > FAST_DIGITS_MAX + 1) return readLongDecimal(bytes, start, end);
  let units = 0;
  let dot = -1;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - 48;
    if (digit >= 0 && digit <= 9) units = (Math.imul(units, 10) + digit) | 0;
    else if (digit === DOT - 48 && dot < 0) dot = i;
    else return -1;
  }
  if (dot < 0) {
    lastDecimal.places = 0;
    return length > FAST_DIGITS_MAX ? readLongDecimal(bytes, start, end) : units;
  }
  // A digit on each side of the point, as in JSON numbers.
  if (dot === start || dot === end - 1) return -1;
  lastDecimal.places = end - 1 - dot;
  return units;
}

function readLongDecimal(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  let dot = -1;
  let digits = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 48 && byte <= 57) {
      units = units * 10 + (byte - 48);
      if (units > 0) digits++;
    } else if (byte === DOT && dot < 0) dot = i;
    else return -1;
  }
  if (start === end || dot === start || dot === end - 1) return -1;
  lastDecimal.places = dot < 0 ? 0 : end - 1 - dot;
  if (digits <= DIGITS_MAX) return units;
  // `1.000000000000000000` has many digits but few that count.
  let trimmed = end;
  while (lastDecimal.places > 0 && bytes[trimmed - 1] === 48) {
    trimmed--;
    lastDecimal.places--;
    digits--;
  }
  if (digits > DIGITS_MAX) return -1;
  return readLongDecimal(bytes, start, lastDecimal.places === 0 ? trimmed - 1 : trimmed);
}

/** Powers of ten up to here are exact doubles, so that one division rounds to the nearest. */
const EXACT_POWER_MAX = 22;
/** Longer than any number of the venue. */
const NUMBER_LENGTH_MAX = 64;

/** Reads a plain, unsigned decimal text as the nearest double, also one of many digits; NaN where it is not one. */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  const units = readDecimal(bytes, start, end);
  if (units >= 0 && lastDecimal.places <= EXACT_POWER_MAX) return units / 10 ** lastDecimal.places;
  if (end <= start || end - start > NUMBER_LENGTH_MAX) return Number.NaN;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

/** Reads an unsigned integer text exactly; −1 where it is not one or is beyond 2^53 − 1. */
export function readInteger(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 1 || end - start > 16) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < 48 || byte > 57) return -1;
    value = value * 10 + (byte - 48);
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : -1;
}
