/** 2^27 + 1, which parts a double into halves of 26 bits. */
const SPLITTER = 134_217_729;

/**
 * What `a * b` has lost by rounding, exactly, so that a · b = (a * b) + productError(a, b); for magnitudes below 2^996.
 * @see Dekker (1971), "A floating-point technique for extending the available precision", Numer. Math. 18.
 */
export function productError(a: number, b: number): number {
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aLow * bLow - (a * b - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** ⌊√2^53⌋: up to here doubles hold the square of every whole number. */
const SQUARED_MAX = 94_906_265;

/** What `a * a` has lost by rounding, exactly: as `productError(a, a)`, with less work. */
export function squareError(a: number): number {
  if (Number.isInteger(a) && Math.abs(a) <= SQUARED_MAX) return 0;
  const scaled = SPLITTER * a;
  const high = scaled - (scaled - a);
  const low = a - high;
  return low * low - (a * a - high * high - 2 * high * low);
}

/** Up to here doubles hold every half. */
const HALF_MAX = 2 ** 52;

/** What `a * times` has lost by rounding, where `times` is a multiple of a half: nothing, where `a` is a tick or a step. */
export function timesError(a: number, times: number): number {
  return Number.isInteger(a) && Math.abs(a * times) <= HALF_MAX ? 0 : productError(a, times);
}
