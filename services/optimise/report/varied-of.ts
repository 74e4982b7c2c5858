import type { Parameters } from '../../../operators/features/definition.ts';
import type { SearchDimension, SearchPoint } from '../../../operators/search/search-space.ts';

/** The varied parameters of a point, by name. */
export function variedOf(space: readonly SearchDimension[], point: SearchPoint): Parameters {
  return Object.fromEntries(space.map(({ name }, n) => [name, point[n]!]));
}
