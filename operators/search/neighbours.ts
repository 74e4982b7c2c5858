import { pointKey, type SearchDimension, type SearchPoint, shareOf, valueAt } from './search-space.ts';

/** Of the range, to either side; a step where that is more. */
const DISTANCE = 0.05;

/**
 * Points beside a point, at most two a dimension: one of its values is a twentieth of the range less or more, or a step
 * where that is more. Those at an edge have one side only.
 */
export function neighbours(space: readonly SearchDimension[], point: SearchPoint): SearchPoint[] {
  const beside = space.flatMap((dimension, n) =>
    [-1, 1].map((sign) => point.map((value, at) => (at === n ? besideValue(dimension, value, sign) : value))),
  );
  const own = pointKey(point);
  return beside.filter((other) => pointKey(other) !== own);
}

function besideValue(dimension: SearchDimension, value: number, sign: number): number {
  const share = shareOf(dimension, value);
  const far = valueAt(dimension, share + sign * DISTANCE);
  if (far !== value || dimension.step === null) return far;
  return valueAt(dimension, shareOf(dimension, Math.max(dimension.least, value + sign * dimension.step)));
}
