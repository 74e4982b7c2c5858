import { checkTrials, defineSearch, type SearchHistory, withLosses } from './search.ts';
import { checkSpace, levelsOf, type SearchDimension, type SearchPoint, valueAt } from './search-space.ts';

/**
 * Every point of a grid, the last dimension changing first. A dimension without a step gets as many evenly spaced values as
 * the trials allow, at least two.
 * @throws RangeError where the grid has more points than trials are allowed
 */
export const GRID_SEARCH = defineSearch<SearchHistory>({
  name: 'grid',
  says: 'every point of a grid',
  initialState(options) {
    checkSpace(options.space);
    checkTrials(options.trials);
    const count = levels(options).reduce((product, level) => product * level, 1);
    if (count > options.trials)
      throw new RangeError(
        `search grid: expected at most ${options.trials} points (trials), found ${count}; allow more trials, or make steps greater`,
      );
    return { ...options, observations: [] };
  },
  suggest: (history) => (history.observations.length > 0 ? [] : gridPoints(history)),
  observe: (history, losses) => withLosses(history, gridPoints(history), losses),
});

function gridPoints(history: SearchHistory): SearchPoint[] {
  const counts = levels(history);
  return history.space.reduce<SearchPoint[]>(
    (points, dimension, n) =>
      points.flatMap((point) => gridValues(dimension, counts[n]!).map((value) => [...point, value])),
    [[]],
  );
}

function gridValues(dimension: SearchDimension, count: number): number[] {
  const { least, most, step } = dimension;
  if (step === null)
    return Array.from({ length: count }, (_, n) => valueAt(dimension, count === 1 ? 0 : n / (count - 1)));
  // By the step even where it is searched by ratios.
  const flat = { ...dimension, isLog: false };
  return Array.from({ length: count }, (_, n) => valueAt(flat, most === least ? 0 : (n * step) / (most - least)));
}

function levels({ space, trials }: { space: readonly SearchDimension[]; trials: number }): number[] {
  const known = space.map(levelsOf);
  const taken = known.filter(Number.isFinite).reduce((product, level) => product * level, 1);
  const open = known.filter((level) => !Number.isFinite(level)).length;
  const each = Math.max(2, Math.floor((trials / taken) ** (1 / Math.max(1, open)) + 1e-9));
  return known.map((level) => (Number.isFinite(level) ? level : each));
}
