import { CMA_SEARCH } from './cma-search.ts';
import { GRID_SEARCH } from './grid-search.ts';
import { RANDOM_SEARCH } from './random-search.ts';
import type { SearchAlgorithm } from './search.ts';
import { TPE_SEARCH } from './tpe-search.ts';

/** Every search, by its name. */
export const SEARCHES: readonly SearchAlgorithm[] = [GRID_SEARCH, RANDOM_SEARCH, TPE_SEARCH, CMA_SEARCH];
