import type { Random } from '../random.ts';
import { pointKey, type SearchDimension, type SearchPoint, valueAt } from './search-space.ts';

/** Draws before a small space counts as used up. */
const DRAWS_MAX = 1_000;

/** A point drawn evenly; each dimension by its share. */
export function randomPoint(space: readonly SearchDimension[], uniform: Random['uniform']): SearchPoint {
  return space.map((dimension) => {
    // The ends' cells are as wide as the others.
    if (dimension.step === null || dimension.isLog) return valueAt(dimension, uniform());
    const half = dimension.step / 2 / (dimension.most - dimension.least || 1);
    return valueAt(dimension, uniform() * (1 + 2 * half) - half);
  });
}

/** What `draw` gives that was not seen before, or after many draws any that was not; undefined: hardly one is left. */
export function freshPoint(
  space: readonly SearchDimension[],
  seen: ReadonlySet<string>,
  draw: () => SearchPoint,
  uniform: Random['uniform'],
): SearchPoint | undefined {
  const first = draw();
  if (!seen.has(pointKey(first))) return first;
  for (let n = 0; n < DRAWS_MAX; n++) {
    const point = randomPoint(space, uniform);
    if (!seen.has(pointKey(point))) return point;
  }
  return undefined;
}
