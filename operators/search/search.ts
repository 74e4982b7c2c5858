import type { SearchDimension, SearchPoint } from './search-space.ts';

/** What a search begins with. */
export interface SearchOptions {
  readonly space: readonly SearchDimension[];
  /** How many points it may try. */
  readonly trials: number;
  readonly seed: number;
}

/**
 * A search for the least of a loss, as a fold: it suggests a batch of points, is told their losses, and suggests the next.
 * The state is plain data, chance comes from the seed and the place in the search alone; so how many workers try a batch,
 * and in which order they end, decides on nothing, and a search goes on from its losses.
 */
export interface SearchAlgorithm<State = unknown> {
  readonly name: string;
  /** In a sentence: how it searches. */
  readonly says: string;
  /** @throws RangeError for a space or a number of trials that cannot be */
  readonly initialState: (options: SearchOptions) => State;
  /** The next batch, the same for the same state; empty: the search is over. */
  readonly suggest: (state: State) => readonly SearchPoint[];
  /** @param losses of the suggested points, in their order; infinite where a point has none */
  readonly observe: (state: State, losses: readonly number[]) => State;
}

/** Checks a search's types; who runs it need not know its state. */
export function defineSearch<State>(algorithm: SearchAlgorithm<State>): SearchAlgorithm {
  return algorithm as unknown as SearchAlgorithm;
}

/** A point with its loss. */
export interface Observation {
  readonly point: SearchPoint;
  readonly loss: number;
}

/** State of a search whose suggestions depend on the points that were tried, and their losses. */
export interface SearchHistory extends SearchOptions {
  readonly observations: readonly Observation[];
}

/** @throws RangeError where it is no whole number from 1 on */
export function checkTrials(trials: number): void {
  if (!Number.isSafeInteger(trials) || trials < 1)
    throw new RangeError(`search, trials: expected a whole number from 1, found ${trials}`);
}

/** The history with a batch's losses. */
export function withLosses(
  history: SearchHistory,
  points: readonly SearchPoint[],
  losses: readonly number[],
): SearchHistory {
  if (losses.length !== points.length)
    throw new RangeError(`search: expected ${points.length} losses, found ${losses.length}`);
  const told = points.map((point, n) => ({ point, loss: losses[n]! }));
  return { ...history, observations: [...history.observations, ...told] };
}
