import { quantile } from '../performance/interval.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { populationStability } from './population-stability.ts';

/** How the values of a feature usually lie, and how far stretches of them lay from that. Plain data, kept with a model. */
export interface UsualValues {
  /** Quantiles in equal steps from the least value to the greatest: 101 of them are percentiles. */
  readonly quantiles: readonly number[];
  /** Values in a stretch. */
  readonly stretch: number;
  /** Of the stretches, in ascending order: how far each lay from all values. */
  readonly stability: readonly number[];
  readonly distance: readonly number[];
}

const QUANTILES = 101;

/**
 * How values usually lie. Values that follow each other are alike, so that a stretch of them lies farther from all of them
 * than as many independent ones would: what is usual is measured on the values themselves, stretch by stretch.
 * @param values in order of time; NaN: none
 * @param stretch values that will be held against them
 * @throws RangeError where there are fewer than two stretches
 */
export function usualValues(values: ArrayLike<number>, stretch: number): UsualValues {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  const sorted = known.slice().sort();
  const quantiles = Array.from({ length: QUANTILES }, (_, n) => quantile(sorted, n / (QUANTILES - 1)));
  const stretches = Array.from({ length: Math.floor(known.length / stretch) }, (_, n) =>
    known.subarray(n * stretch, (n + 1) * stretch),
  );
  if (stretches.length < 2)
    throw new RangeError(`values: expected at least two stretches of ${stretch}, found ${known.length} values`);
  return {
    quantiles,
    stretch,
    stability: stretches.map((part) => populationStability(quantiles, part)).sort((a, b) => a - b),
    distance: stretches.map((part) => kolmogorovSmirnov(quantiles, part)).sort((a, b) => a - b),
  };
}
