import type { SearchAlgorithm } from '../../../operators/search/search.ts';
import type { SearchDimension, SearchPoint } from '../../../operators/search/search-space.ts';

/** A function whose least value is known. */
export interface KnownFunction {
  readonly space: readonly SearchDimension[];
  readonly of: (point: SearchPoint) => number;
}

export function dimension(name: string, least: number, most: number, step: number | null = null): SearchDimension {
  return { name, least, most, step, isLog: false };
}

/** Least value 0 at (1, −2, 3). */
export const SPHERE: KnownFunction = {
  space: ['x', 'y', 'z'].map((name) => dimension(name, -5, 5)),
  of: ([x, y, z]) => (x! - 1) ** 2 + (y! + 2) ** 2 + (z! - 3) ** 2,
};

/** Least value 0 at (1, 1), in a bent valley. Rosenbrock (1960). */
export const ROSENBROCK: KnownFunction = {
  space: [dimension('x', -2, 2), dimension('y', -1, 3)],
  of: ([x, y]) => 100 * (y! - x! * x!) ** 2 + (1 - x!) ** 2,
};

/** Least value 0.397887 at three places. Branin (1972). */
export const BRANIN: KnownFunction = {
  space: [dimension('x', -5, 10), dimension('y', 0, 15)],
  of: ([x, y]) =>
    (y! - (5.1 / (4 * Math.PI ** 2)) * x! * x! + (5 / Math.PI) * x! - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x!) +
    10,
};

export interface Tried {
  readonly points: readonly SearchPoint[];
  readonly losses: readonly number[];
  readonly best: number;
}

/** Lets a search try a function; after each batch its state has to survive being written as text. */
export function trySearch(
  { initialState, suggest, observe }: SearchAlgorithm,
  { space, of }: KnownFunction,
  { trials, seed }: { readonly trials: number; readonly seed: number },
): Tried {
  let state = initialState({ space, trials, seed });
  const points: SearchPoint[] = [];
  const losses: number[] = [];
  for (let batch = suggest(state); batch.length > 0; batch = suggest(state)) {
    const found = batch.map(of);
    points.push(...batch);
    losses.push(...found);
    state = reread(observe(state, found));
  }
  return { points, losses, best: Math.min(...losses) };
}

const INFINITY = '∞';

function reread(state: unknown): unknown {
  const text = JSON.stringify(state, (_, value) => (value === Number.POSITIVE_INFINITY ? INFINITY : value));
  return JSON.parse(text, (_, value) => (value === INFINITY ? Number.POSITIVE_INFINITY : value));
}

export function medianBest(search: SearchAlgorithm, known: KnownFunction, trials: number, seeds = 21): number {
  const bests = Array.from({ length: seeds }, (_, seed) => trySearch(search, known, { trials, seed }).best);
  return bests.sort((one, other) => one - other)[seeds >> 1]!;
}
