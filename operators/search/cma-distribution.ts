import { symmetricEigen } from './symmetric-eigen.ts';

/** Normal distribution from which a generation is drawn, and what it has learned. Plain data; lists are of the dimensions. */
export interface CmaDistribution {
  readonly mean: readonly number[];
  readonly sigma: number;
  /** number[n][n], symmetric. */
  readonly covariance: readonly (readonly number[])[];
  /** Paths that the mean has gone, by which the step size and the covariance are adapted. */
  readonly sigmaPath: readonly number[];
  readonly covariancePath: readonly number[];
  /** Generations learned from. */
  readonly learned: number;
}

export function cmaDistribution(mean: readonly number[], sigma: number): CmaDistribution {
  const zeros = mean.map(() => 0);
  const covariance = mean.map((_, row) => mean.map((__, column) => (row === column ? 1 : 0)));
  return { mean, sigma, covariance, sigmaPath: zeros, covariancePath: zeros, learned: 0 };
}

/**
 * The distribution after a generation: the mean goes to the better half, weighted by rank; rank-one and rank-μ update of
 * the covariance, step size by the length of its path.
 * @param ranked the generation's points, the best first; at least four
 * @see Hansen (2016), "The CMA Evolution Strategy: A Tutorial", arXiv:1604.00772, figure 6 and table 1, without negative
 * weights.
 */
export function learnGeneration(before: CmaDistribution, ranked: readonly (readonly number[])[]): CmaDistribution {
  const n = before.mean.length;
  const { weights, effective } = rankWeights(ranked.length);
  const rates = learningRates(n, effective);
  const { sigma, covariance } = before;
  const steps = weights.map((_, k) => ranked[k]!.map((x, i) => (x - before.mean[i]!) / sigma));
  const step = before.mean.map((_, i) => weights.reduce((sum, weight, k) => sum + weight * steps[k]![i]!, 0));
  const learned = before.learned + 1;

  const toSigma = Math.sqrt(rates.sigmaPath * (2 - rates.sigmaPath) * effective);
  const whitened = whiten(covariance, step);
  const sigmaPath = before.sigmaPath.map((p, i) => (1 - rates.sigmaPath) * p + toSigma * whitened[i]!);
  const usual = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  const length = Math.hypot(...sigmaPath);
  const grown = Math.exp((rates.sigmaPath / rates.damping) * (length / usual - 1));

  // The path stands still while the step size is about to grow much.
  const isStill = length / Math.sqrt(1 - (1 - rates.sigmaPath) ** (2 * learned)) >= (1.4 + 2 / (n + 1)) * usual;
  const toCovariance = isStill ? 0 : Math.sqrt(rates.covariancePath * (2 - rates.covariancePath) * effective);
  const path = before.covariancePath.map((p, i) => (1 - rates.covariancePath) * p + toCovariance * step[i]!);
  const missing = isStill ? rates.covariancePath * (2 - rates.covariancePath) : 0;
  const kept = 1 - rates.one - rates.mu + rates.one * missing;
  return {
    mean: before.mean.map((m, i) => m + sigma * step[i]!),
    sigma: sigma * grown,
    covariance: covariance.map((row, i) =>
      row.map((value, j) => {
        const ofRanks = weights.reduce((sum, weight, k) => sum + weight * steps[k]![i]! * steps[k]![j]!, 0);
        return kept * value + rates.one * path[i]! * path[j]! + rates.mu * ofRanks;
      }),
    ),
    sigmaPath,
    covariancePath: path,
    learned,
  };
}

/** ln((λ + 1) / 2) − ln i of the better half, to a sum of 1; and how many equal ones would weigh as much. */
function rankWeights(count: number): { readonly weights: readonly number[]; readonly effective: number } {
  const raw = Array.from({ length: Math.floor(count / 2) }, (_, k) => Math.log((count + 1) / 2) - Math.log(k + 1));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  const weights = raw.map((weight) => weight / sum);
  return { weights, effective: 1 / weights.reduce((total, weight) => total + weight * weight, 0) };
}

function learningRates(n: number, effective: number) {
  const sigmaPath = (effective + 2) / (n + effective + 5);
  const one = 2 / ((n + 1.3) ** 2 + effective);
  return {
    sigmaPath,
    damping: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + sigmaPath,
    covariancePath: (4 + effective / n) / (n + 4 + (2 * effective) / n),
    one,
    mu: Math.min(1 - one, (2 * (effective - 2 + 1 / effective)) / ((n + 2) ** 2 + effective)),
  };
}

/** C^(−½) v. */
function whiten(covariance: CmaDistribution['covariance'], vector: readonly number[]): number[] {
  const { values, vectors } = symmetricEigen(covariance);
  const along = values.map((value, k) => dotColumn(vectors, k, vector) / Math.sqrt(Math.max(value, Number.MIN_VALUE)));
  return vectors.map((row) => row.reduce((sum, component, k) => sum + component * along[k]!, 0));
}

function dotColumn(vectors: readonly (readonly number[])[], column: number, vector: readonly number[]): number {
  return vector.reduce((sum, component, i) => sum + component * vectors[i]![column]!, 0);
}
