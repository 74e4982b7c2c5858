import { normalCdf } from '../performance/normal.ts';
import type { Random } from '../random.ts';

/**
 * Density over a unit cube as a mixture: one normal distribution at each observation, cut off at the cube's faces and
 * independent in each dimension, and one over all of it.
 */
export interface ParzenWindow {
  /** number[observations][dimensions], each from 0 to 1; the prior's is the cube's middle. */
  readonly centres: readonly (readonly number[])[];
  /** Of each centre, the same in all dimensions. */
  readonly widths: readonly number[];
}

/** Width at one observation, in shares of a dimension; with more it is less, as n^(−1 / (d + 4)). */
const WIDTH = 0.2;
const PRIOR_WIDTH = 1;
/** What is not seen is not impossible. */
const DENSITY_MIN = 1e-12;

/**
 * Widths by Scott's rule; the prior weighs as much as one observation.
 * @param shares number[observations][dimensions]
 * @see Bergstra, Bardenet, Bengio & Kégl (2011), "Algorithms for Hyper-Parameter Optimization", NIPS 24, section 4; over
 * all dimensions together: Falkner, Klein & Hutter (2018), "BOHB", ICML.
 */
export function parzenWindow(shares: readonly (readonly number[])[], dimensions: number): ParzenWindow {
  const width = WIDTH * Math.max(1, shares.length) ** (-1 / (dimensions + 4));
  const middle = Array.from({ length: dimensions }, () => 0.5);
  return { centres: [...shares, middle], widths: [...shares.map(() => width), PRIOR_WIDTH] };
}

/** Shares by their density. */
export function drawFrom({ centres, widths }: ParzenWindow, chance: Random): number[] {
  const k = chance.below(centres.length);
  return centres[k]!.map((centre) => drawWithin(centre, widths[k]!, chance));
}

function drawWithin(centre: number, width: number, { normal, uniform }: Random): number {
  for (let tries = 0; tries < 100; tries++) {
    const share = centre + width * normal();
    if (share >= 0 && share <= 1) return share;
  }
  return uniform();
}

/**
 * Logarithm of the mean density over a cell about some shares.
 * @param cells its width in each dimension; 0: at the share itself
 */
export function logDensity(
  { centres, widths }: ParzenWindow,
  shares: readonly number[],
  cells: readonly number[],
): number {
  let sum = 0;
  for (const [k, centre] of centres.entries()) {
    let product = 1;
    for (const [n, share] of shares.entries()) product *= density(share, cells[n]!, centre[n]!, widths[k]!);
    sum += product;
  }
  return Math.log(Math.max(DENSITY_MIN, sum / centres.length));
}

function density(share: number, cell: number, centre: number, width: number): number {
  const within = normalCdf((1 - centre) / width) - normalCdf(-centre / width);
  if (cell === 0) return Math.exp(-0.5 * ((share - centre) / width) ** 2) / (width * Math.sqrt(2 * Math.PI)) / within;
  const [low, high] = [Math.max(0, share - cell / 2), Math.min(1, share + cell / 2)];
  return (normalCdf((high - centre) / width) - normalCdf((low - centre) / width)) / (high - low) / within;
}
