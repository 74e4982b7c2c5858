import { lastDecimal, readDecimal } from './decimal.ts';

/** One axis of an instrument's grid: prices in ticks, or quantities in steps. */
export interface Grid {
  /** The grid's unit as the venue writes it, e.g. `0.10`. */
  readonly size: string;
  /** Digits after the point that a value on the grid needs. */
  readonly decimals: number;
  /** `size` as a count of its last digit's unit: 1 for 0.01 and for 0.10, 5 for 0.05. */
  readonly units: number;
  /** Decimal text → integer multiple of `size`, exactly; NaN where the text is no decimal or lies off the grid. */
  read(bytes: Uint8Array, start: number, end: number): number;
  /** The value `units` × 10^−`places` as a multiple of `size`; NaN where it lies off the grid. */
  fromUnits(units: number, places: number): number;
  /** Integer multiple → the nearest double of its value. */
  toNumber(count: number): number;
  /** Integer multiple → decimal text with `decimals` digits after the point. */
  toText(count: number): string;
}

/** How an instrument's decimal texts become integers: price in ticks, quantity in steps. */
export interface Scale {
  readonly price: Grid;
  readonly qty: Grid;
  /** Sum of ticks × steps → the nearest double of its value in the quote asset. */
  toNotional(tickSteps: number): number;
}

/** Digits after the point of the finest unit that stays exact in a double next to real prices. */
const DECIMALS_MAX = 15;

/**
 * @param tickSize price unit as decimal text, e.g. `0.10`
 * @param stepSize quantity unit as decimal text, e.g. `0.001`
 * @throws RangeError naming the unit that is no positive decimal
 */
export function createScale(tickSize: string, stepSize: string): Scale {
  const price = createGrid('tickSize', tickSize);
  const qty = createGrid('stepSize', stepSize);
  const units = price.units * qty.units;
  const power = 10 ** (price.decimals + qty.decimals);
  return { price, qty, toNotional: (tickSteps) => (tickSteps * units) / power };
}

/** Of what comes before a log's `instrument` event: no price in ticks is among it. */
export const NO_SCALE: Scale = createScale('1', '1');

function createGrid(name: string, size: string): Grid {
  const text = new TextEncoder().encode(size);
  let sizeUnits = readDecimal(text, 0, text.length);
  let decimals = lastDecimal.places;
  if (sizeUnits <= 0 || decimals > DECIMALS_MAX)
    throw new RangeError(`${name}: expected a positive decimal such as 0.10, found "${size}"`);
  while (decimals > 0 && sizeUnits % 10 === 0) {
    sizeUnits /= 10;
    decimals--;
  }
  const power = 10 ** decimals;
  const exactPlaces = sizeUnits === 1 ? decimals : -1;
  // count = units × multiply[places] ÷ divide[places], exact or refused.
  const multiply = new Float64Array(DECIMALS_MAX + 1);
  const divide = new Float64Array(DECIMALS_MAX + 1);
  for (let places = 0; places <= DECIMALS_MAX; places++) {
    multiply[places] = 10 ** Math.max(0, decimals - places);
    divide[places] = sizeUnits * 10 ** Math.max(0, places - decimals);
  }

  function read(bytes: Uint8Array, start: number, end: number): number {
    const units = readDecimal(bytes, start, end);
    return units < 0 ? Number.NaN : fromUnits(units, lastDecimal.places);
  }

  function fromUnits(units: number, places: number): number {
    // Most venues write as many places as the grid has.
    if (places === exactPlaces) return units;
    if (places > DECIMALS_MAX) return Number.NaN;
    const scaled = units * multiply[places]!;
    const count = scaled / divide[places]!;
    return count === Math.floor(count) && scaled <= Number.MAX_SAFE_INTEGER ? count : Number.NaN;
  }

  function toText(count: number): string {
    const units = String(Math.abs(count) * sizeUnits).padStart(decimals + 1, '0');
    const point = units.length - decimals;
    const sign = count < 0 ? '-' : '';
    return decimals === 0 ? sign + units : `${sign}${units.slice(0, point)}.${units.slice(point)}`;
  }

  return {
    size,
    decimals,
    units: sizeUnits,
    read,
    fromUnits,
    toNumber: (count) => (count * sizeUnits) / power,
    toText,
  };
}
