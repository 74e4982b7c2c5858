import { lastDecimal, readDecimal } from '../../streams/events/decimal.ts';
import type { Grid } from '../../streams/events/scale.ts';

/** A grid that takes every decimal and finds the coarsest unit of which all of them are multiples. */
export interface GridGauge extends Grid {
  /** Also for numbers that no decoder reads on the grid. */
  readText(decimal: string): void;
  /** Makes what was read since the last call count. */
  keep(): void;
  /** Forgets what was read since the last `keep`. */
  forget(): void;
  /** The unit as decimal text; undefined where no number but 0 was read. */
  unit(): string | undefined;
}

/**
 * Numbers needed before their greatest common divisor says more about the grid than about themselves: the divisor of one
 * price is the price.
 */
const NUMBERS_MIN = 1_000;

/** Factors of a power of ten that venues use as units. */
const USUAL_FACTORS = [1, 2, 5];

export function createGridGauge(): GridGauge {
  // Every number so far is a multiple of divisor × 10^−places; divisor 0: no number yet.
  let divisor = 0;
  let places = 0;
  let numbers = 0;
  let kept = { divisor, places, numbers };

  function take(units: number, digits: number): number {
    if (units === 0) return 0;
    let value = units;
    let valuePlaces = digits;
    while (valuePlaces > 0 && value % 10 === 0) {
      value /= 10;
      valuePlaces--;
    }
    numbers++;
    if (!fits(value, valuePlaces)) narrow(value, valuePlaces);
    return units;
  }

  function fits(value: number, valuePlaces: number): boolean {
    if (valuePlaces > places || divisor === 0) return false;
    if (divisor === 1) return true;
    const scaled = value * 10 ** (places - valuePlaces);
    return scaled <= Number.MAX_SAFE_INTEGER && scaled % divisor === 0;
  }

  /** In BigInt, as scaling may leave the range in which doubles are exact; it happens a few times a file. */
  function narrow(value: number, valuePlaces: number): void {
    const finest = Math.max(places, valuePlaces);
    const scaledDivisor = BigInt(divisor) * 10n ** BigInt(finest - places);
    const scaledValue = BigInt(value) * 10n ** BigInt(finest - valuePlaces);
    divisor = Number(greatestCommonDivisor(scaledDivisor, scaledValue));
    places = finest;
  }

  function read(bytes: Uint8Array, start: number, end: number): number {
    const units = readDecimal(bytes, start, end);
    return units < 0 ? Number.NaN : take(units, lastDecimal.places);
  }

  return {
    size: '0.00000001',
    decimals: 8,
    units: 1,
    read,
    fromUnits: take,
    toNumber: (count) => count,
    toText: String,
    readText(decimal) {
      const bytes = Buffer.from(decimal);
      read(bytes, 0, bytes.length);
    },
    keep() {
      kept = { divisor, places, numbers };
    },
    forget() {
      ({ divisor, places, numbers } = kept);
    },
    unit() {
      if (divisor === 0) return undefined;
      const isUsual = numbers >= NUMBERS_MIN || USUAL_FACTORS.includes(divisor);
      return decimalText(isUsual ? divisor : 1, places);
    },
  };
}

function greatestCommonDivisor(one: bigint, other: bigint): bigint {
  while (other > 0n) [one, other] = [other, one % other];
  return one;
}

/** units × 10^−places as text: 5, 2 → `0.05`. */
function decimalText(units: number, places: number): string {
  const digits = String(units).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
