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
