/**
 * Money is a whole number of 1e-8 of the quote asset, held in a double, in names that end in `E8`: 1 USDT is 100 000 000.
 * Rates and ratios are whole numbers of 1e-8 too: 0.02 % is 20 000. The largest amount is therefore 90 071 992 USDT.
 *
 * What is not whole is rounded half away from zero, here and nowhere else: Binance shows eight decimals and does not say
 * how it comes to the last of them.
 */
export const E8 = 100_000_000;

const MAX = Number.MAX_SAFE_INTEGER;

/**
 * The amount itself.
 * @param name of the amount, for the error
 * @throws RangeError where it is no whole number, or too large to stay exact
 */
export function exactAmount(name: string, amount: number): number {
  if (!Number.isSafeInteger(amount)) refuseAmount(name, amount);
  return amount;
}

function refuseAmount(name: string, amount: number): never {
  throw new RangeError(`${name}: expected a whole number from -${MAX} to ${MAX}, found ${amount}`);
}

/**
 * A decimal number in units of 1e-8.
 * @throws RangeError where it is not finite, or too large to stay exact
 */
export function toE8(name: string, value: number): number {
  return exactAmount(name, Math.round(value * E8) + 0);
}

/** An amount as a plain number of the quote asset, for the edge: the nearest double. */
export function fromE8(amount: number): number {
  return amount / E8;
}

/**
 * `numerator` ÷ `divisor`, rounded half away from zero.
 * @param divisor positive
 */
export function divideRounded(numerator: number, divisor: number): number {
  const size = Math.abs(numerator);
  // Of whole numbers below 2^53 the quotient is never rounded up to the next whole number.
  const quotient = Math.floor(size / divisor);
  const rest = size - quotient * divisor;
  const rounded = rest >= divisor - rest ? quotient + 1 : quotient;
  return numerator < 0 ? 0 - rounded : rounded;
}

/**
 * `a` × `b` ÷ `divisor`, rounded half away from zero, exact also where the product has more than 53 bits.
 * @param divisor positive
 * @throws RangeError where the result is too large to stay exact
 */
export function multiplyDivide(a: number, b: number, divisor: number): number {
  const product = a * b;
  if (product <= MAX && product >= -MAX) return divideRounded(product, divisor);
  const whole = Math.floor(Math.abs(a) / divisor);
  const rest = Math.abs(a) - whole * divisor;
  const wholePart = whole * Math.abs(b);
  const restPart = rest * Math.abs(b);
  // Most products of more than 53 bits are two that have fewer, of which one needs no rounding.
  const isSplit = wholePart <= MAX - 1 && restPart <= MAX;
  const quotient = isSplit
    ? wholePart + divideRounded(restPart, divisor)
    : divideWide(Math.abs(a), Math.abs(b), divisor);
  return product < 0 ? -quotient : quotient;
}

function divideWide(a: number, b: number, divisor: number): number {
  const product = a * b;
  let quotient = Math.floor(product / divisor);
  if (quotient >= MAX) throw new RangeError(`${a} × ${b} ÷ ${divisor}: expected at most ${MAX}, found ${quotient}`);
  // Exact, as both differences are: the quotient is off by a few at most, so that the products are close.
  const back = quotient * divisor;
  let rest = product - back + (productError(a, b, product) - productError(quotient, divisor, back));
  while (rest < 0) {
    quotient -= 1;
    rest += divisor;
  }
  while (rest >= divisor) {
    quotient += 1;
    rest -= divisor;
  }
  return rest >= divisor - rest ? quotient + 1 : quotient;
}

/** Splits 53 bits into two halves. */
const SPLITTER = 2 ** 27 + 1;

/**
 * What a product lost by its rounding, exactly.
 * @see Dekker (1971), "A floating-point technique for extending the available precision", Numerische Mathematik 18
 */
function productError(a: number, b: number, product: number): number {
  const aSplit = SPLITTER * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = SPLITTER * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
