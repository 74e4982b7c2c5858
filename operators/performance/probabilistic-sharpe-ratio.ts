import { type Moments, moments } from './moments.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/**
 * Probability that the true Sharpe ratio is above `threshold`, given so many returns of such a shape:
 * Φ((SR − SR*) √(n − 1) / √(1 − γ₃ SR + (γ₄ − 1) / 4 SR²)), ratios of one period, γ₃ skewness, γ₄ kurtosis. It takes the
 * returns for independent. `null` below two returns or where all are the same.
 * @param threshold Sharpe ratio of one period, not of a year
 * @see Bailey & López de Prado (2012), "The Sharpe Ratio Efficient Frontier", J. Risk 15(2).
 */
export function probabilisticSharpeRatio(returns: ArrayLike<number>, threshold = 0): number | null {
  const shape = sharpeShape(moments(returns));
  return shape === null ? null : probabilityAbove(shape, threshold);
}

/** What the probability depends on. */
export interface SharpeShape {
  readonly count: number;
  /** Of one period. */
  readonly sharpe: number;
  readonly skewness: number;
  /** 3 for a normal distribution. */
  readonly kurtosis: number;
}

export function sharpeShape({ count, mean, deviation, skewness, kurtosis }: Moments): SharpeShape | null {
  if (mean === null || !deviation || skewness === null || kurtosis === null) return null;
  return { count, sharpe: mean / deviation, skewness, kurtosis };
}

export function probabilityAbove(shape: SharpeShape, threshold: number): number {
  return normalCdf(((shape.sharpe - threshold) * Math.sqrt(shape.count - 1)) / Math.sqrt(spreadOf(shape)));
}

/**
 * How many returns of this shape it takes until the true Sharpe ratio is above `threshold` with the given confidence:
 * 1 + (1 − γ₃ SR + (γ₄ − 1) / 4 SR²) (Z / (SR − SR*))². `null` where it is not above it.
 * @see Bailey & López de Prado (2012), as above: the minimum track record length.
 */
export function minimumReturns(shape: SharpeShape, threshold = 0, confidence = 0.95): number | null {
  if (!(shape.sharpe > threshold)) return null;
  return 1 + spreadOf(shape) * (normalQuantile(confidence) / (shape.sharpe - threshold)) ** 2;
}

/** Cannot be 0 or below for moments of real numbers, since γ₄ ≥ γ₃² + 1; rounding may bring it there. */
function spreadOf({ sharpe, skewness, kurtosis }: SharpeShape): number {
  return Math.max(Number.EPSILON, 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe);
}
