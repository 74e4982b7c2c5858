import { hash32, type Random, random } from '../random.ts';
import { type CmaDistribution, cmaDistribution, learnGeneration } from './cma-distribution.ts';
import { checkTrials, defineSearch, type SearchOptions } from './search.ts';
import { checkSpace, type SearchPoint, valueAt } from './search-space.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** In shares of each dimension: two of it reach from the middle to beyond both ends. */
const SIGMA_START = 0.3;
/** Narrower than this in all directions there is nothing left to find. */
const SIGMA_END = 1e-7;
/** Draws until a point outside is brought to the edge. */
const DRAWS_MAX = 100;
/** A parameter with steps varies by at least this part of one, or it would stay on the value that it happens to be at. */
const STEP_PART = 1 / 3;

/** The search as it is; plain data. */
export interface CmaState extends SearchOptions {
  readonly tried: number;
  readonly restarts: number;
  readonly distribution: CmaDistribution;
  readonly best: number;
  /** Generations since the best was found. */
  readonly stale: number;
}

/**
 * Covariance matrix adaptation: generations drawn from a normal distribution that turns and stretches to where better
 * points lie. Dimensions go from 0 to 1; a point outside is drawn anew, at last brought to the edge; values are rounded to
 * their steps only to be tried. Where it has converged, it begins anew elsewhere with twice as many a generation.
 * @see Hansen (2016), "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772; restarts: Auger & Hansen (2005), "A
 * Restart CMA Evolution Strategy With Increasing Population Size", CEC.
 */
export const CMA_SEARCH = defineSearch<CmaState>({
  name: 'cma-es',
  says: 'generations from a normal distribution that turns to where better points lie (covariance matrix adaptation)',
  initialState(options) {
    checkSpace(options.space);
    checkTrials(options.trials);
    const middle = options.space.map(() => 0.5);
    const distribution = cmaDistribution(middle, SIGMA_START);
    return { ...options, tried: 0, restarts: 0, distribution, best: Number.POSITIVE_INFINITY, stale: 0 };
  },
  suggest: (state) => drawGeneration(state).map((shares) => toPoint(state, shares)),
  observe(state, losses) {
    const generation = drawGeneration(state);
    if (losses.length !== generation.length)
      throw new RangeError(`search: expected ${generation.length} losses, found ${losses.length}`);
    const tried = state.tried + generation.length;
    const best = losses.reduce((least, loss) => Math.min(least, loss), state.best);
    const stale = best < state.best ? 0 : state.stale + 1;
    // Cut short by the number of trials: the last one. And of points without a loss nothing is learned.
    const isWhole = generation.length === generationSize(state) && losses.some(Number.isFinite);
    const ranked = generation
      .map((shares, k) => ({ shares, loss: losses[k]! }))
      .sort((one, other) => (one.loss < other.loss ? -1 : one.loss > other.loss ? 1 : 0))
      .map(({ shares }) => shares);
    const learned = isWhole ? learnGeneration(state.distribution, ranked) : state.distribution;
    const next = { ...state, tried, best, stale, distribution: widened(state, learned) };
    return isConverged(next) ? restarted(next) : next;
  },
});

function generationSize({ space, restarts }: CmaState): number {
  return (4 + Math.floor(3 * Math.log(space.length))) * 2 ** restarts;
}

/** Points of shares, some of which may be without a value of their own. */
function drawGeneration(state: CmaState): number[][] {
  const count = Math.min(generationSize(state), state.trials - state.tried);
  const { values, vectors } = symmetricEigen(state.distribution.covariance);
  const lengths = values.map((value) => Math.sqrt(Math.max(0, value)));
  return Array.from({ length: count }, (_, k) => {
    const chance = random(hash32(state.seed, 'cma-es search', state.tried + k));
    return drawShares(state.distribution, lengths, vectors, chance);
  });
}

function drawShares(
  { mean, sigma }: CmaDistribution,
  lengths: readonly number[],
  vectors: readonly (readonly number[])[],
  { normal }: Random,
): number[] {
  let shares: number[] = [];
  for (let n = 0; n < DRAWS_MAX; n++) {
    const along = lengths.map((length) => length * normal());
    shares = mean.map((m, i) => m + sigma * along.reduce((sum, part, k) => sum + vectors[i]![k]! * part, 0));
    if (shares.every((share) => share >= 0 && share <= 1)) return shares;
  }
  return shares.map((share) => Math.min(1, Math.max(0, share)));
}

function toPoint({ space }: CmaState, shares: readonly number[]): SearchPoint {
  return space.map((dimension, n) => valueAt(dimension, shares[n]!));
}

/** With no dimension of steps narrower than a part of one. */
function widened({ space }: CmaState, distribution: CmaDistribution): CmaDistribution {
  const { covariance, sigma } = distribution;
  return {
    ...distribution,
    covariance: covariance.map((row, i) => {
      const { step, isLog, least, most } = space[i]!;
      if (step === null || most === least) return row;
      const widest = isLog ? Math.log((least + step) / least) / Math.log(most / least) : step / (most - least);
      return row.map((value, j) => (i === j ? Math.max(value, ((STEP_PART * widest) / sigma) ** 2) : value));
    }),
  };
}

function isConverged(state: CmaState): boolean {
  const { space, distribution, stale } = state;
  const widest = Math.max(...distribution.covariance.map((row, i) => row[i]!));
  const staleMax = 20 + Math.ceil((60 * space.length) / generationSize(state));
  return distribution.sigma * Math.sqrt(widest) < SIGMA_END || stale > staleMax;
}

function restarted(state: CmaState): CmaState {
  const restarts = state.restarts + 1;
  const { uniform } = random(hash32(state.seed, 'cma-es restart', restarts));
  const distribution = cmaDistribution(state.space.map(uniform), SIGMA_START);
  return { ...state, restarts, distribution, stale: 0 };
}
