import { quantile } from '../performance/interval.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { populationStability } from './population-stability.ts';
import type { UsualValues } from './usual-values.ts';

/** How values lie beside the usual ones. */
export interface Drift {
  readonly count: number;
  /** Population stability index, and the one that 99 of 100 usual stretches are below. */
  readonly stability: number;
  readonly usualStability: number;
  /** Kolmogorov and Smirnov's statistic, and the same of it. */
  readonly distance: number;
  readonly usualDistance: number;
  readonly mean: number;
  readonly usualMedian: number;
  /** `too-few`: not a stretch of them yet. `drifted`: by both measures farther off than usual, and by more than a convention. */
  readonly verdict: 'too-few' | 'usual' | 'drifted';
}

/** Below it a change is small by convention, however unusual. */
const STABILITY_LEAST = 0.1;
const USUAL_SHARE = 0.99;

/** @param values of the last stretch; NaN: none */
export function drift(usual: UsualValues, values: ArrayLike<number>): Drift {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  const last = known.subarray(Math.max(0, known.length - usual.stretch));
  const found = {
    count: last.length,
    stability: populationStability(usual.quantiles, last),
    usualStability: quantile(usual.stability, USUAL_SHARE),
    distance: kolmogorovSmirnov(usual.quantiles, last),
    usualDistance: quantile(usual.distance, USUAL_SHARE),
    mean: last.reduce((sum, value) => sum + value / last.length, 0),
    usualMedian: quantile(usual.quantiles, 0.5),
  };
  const isFar = found.stability > found.usualStability && found.distance > found.usualDistance;
  const verdict =
    last.length < usual.stretch ? 'too-few' : isFar && found.stability > STABILITY_LEAST ? 'drifted' : 'usual';
  return { ...found, verdict };
}
