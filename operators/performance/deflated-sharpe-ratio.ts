import { normalQuantile } from './normal.ts';
import { probabilityAbove, type SharpeShape } from './probabilistic-sharpe-ratio.ts';

const EULER_MASCHERONI = 0.577_215_664_901_532_9;

/**
 * The Sharpe ratio, of one period, that the best of so many independent trials without any skill is expected to have:
 * √V ((1 − γ) Z(1 − 1/N) + γ Z(1 − 1/(N e))). 0 for one trial.
 * @param trials how many were tried, at least 1
 * @param variance of the trials' Sharpe ratios of one period
 * @see Bailey & López de Prado (2014), "The Deflated Sharpe Ratio", J. Portfolio Management 40(5).
 */
export function expectedBestSharpe(trials: number, variance: number): number {
  if (trials <= 1) return 0;
  const best = normalQuantile(1 - 1 / trials);
  const beyond = normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - EULER_MASCHERONI) * best + EULER_MASCHERONI * beyond);
}

/**
 * Deflated Sharpe ratio: probability that the chosen one's true Sharpe ratio is above what the best of all trials has by
 * luck. Below 0.95 a search has found nothing that is worth the name. It takes returns for independent of each other, and is
 * too high where gains follow gains.
 * @param shape of the chosen one's returns
 * @see Bailey & López de Prado (2014), as above.
 */
export function deflatedSharpeRatio(
  shape: SharpeShape,
  { trials, variance }: { readonly trials: number; readonly variance: number },
): number {
  return probabilityAbove(shape, expectedBestSharpe(trials, variance));
}
