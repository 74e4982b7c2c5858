/** Mean and variance of what was seen so far, of each of several numbers. */
export interface MomentsState {
  readonly count: number;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

export interface RunningMoments {
  /** @param rows float32[rows, size] */
  readonly add: (rows: Float32Array) => void;
  /** Takes the mean off, divides by the deviation, and cuts to ±`NORMALISED_MAX`: float32[rows, size]. */
  readonly normalise: (rows: Float32Array) => Float32Array;
  /** Divides by the deviation and cuts, but leaves the mean where it is, in place. */
  readonly scale: (rows: Float32Array) => void;
  readonly state: () => MomentsState;
}

/** As in Stable-Baselines3's VecNormalize. */
export const NORMALISED_MAX = 10;
export const NORMALISED_EPSILON = 1e-8;
/** Weight of the first guess, mean 0 and variance 1. */
const COUNT_FIRST = 1e-4;

/** @see Chan, Golub & LeVeque (1979), "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" */
export function runningMoments(size: number, from?: MomentsState): RunningMoments {
  let count = from?.count ?? COUNT_FIRST;
  const mean = from?.mean.slice() ?? new Float64Array(size);
  const variance = from?.variance.slice() ?? new Float64Array(size).fill(1);
  const cut = (value: number): number => Math.min(Math.max(value, -NORMALISED_MAX), NORMALISED_MAX);
  return {
    add: (rows) => {
      const added = rows.length / size;
      const total = count + added;
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let at = i; at < rows.length; at += size) sum += rows[at]!;
        const rowMean = sum / added;
        let squares = 0;
        for (let at = i; at < rows.length; at += size) squares += (rows[at]! - rowMean) ** 2;
        const apart = rowMean - mean[i]!;
        mean[i]! += (apart * added) / total;
        variance[i] = (variance[i]! * count + squares + (apart * apart * count * added) / total) / total;
      }
      count = total;
    },
    normalise: (rows) => {
      const normalised = new Float32Array(rows.length);
      for (let at = 0; at < rows.length; at++) {
        const i = at % size;
        normalised[at] = cut((rows[at]! - mean[i]!) / Math.sqrt(variance[i]! + NORMALISED_EPSILON));
      }
      return normalised;
    },
    scale: (rows) => {
      for (let at = 0; at < rows.length; at++)
        rows[at] = cut(rows[at]! / Math.sqrt(variance[at % size]! + NORMALISED_EPSILON));
    },
    state: () => ({ count, mean: mean.slice(), variance: variance.slice() }),
  };
}
