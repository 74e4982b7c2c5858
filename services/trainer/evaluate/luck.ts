import { backtestOverfitting } from '../../../operators/performance/backtest-overfitting.ts';
import { blockLength } from '../../../operators/performance/block-length.ts';
import { deflatedSharpeRatio } from '../../../operators/performance/deflated-sharpe-ratio.ts';
import { moments } from '../../../operators/performance/moments.ts';
import { sharpeShape } from '../../../operators/performance/probabilistic-sharpe-ratio.ts';
import { realityCheck } from '../../../operators/performance/reality-check.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { hash32, random } from '../../../operators/random.ts';

/** How much of the best seed is luck. */
export interface Luck {
  /** Place of the seed with the best Sharpe ratio. */
  readonly best: number;
  /** Seeds × configurations. */
  readonly trials: number;
  /** Of the best seed, see `deflatedSharpeRatio`; null where nothing moved. */
  readonly deflatedSharpe: number | null;
  /** Share of the splits of time in which the seed that was best in the one half was in the worse half in the other. */
  readonly overfitting: number | null;
  /** White's reality check of the best seed against flat. */
  readonly realityCheck: number | null;
}

/** 924 splits. */
const BLOCKS = 12;
const SAMPLES = 1_000;

/**
 * @param returns one list a seed, out of sample
 * @param tried configurations that were looked at on these data, this one included: the best of them is what is looked at now
 */
export function luckOf(returns: readonly (readonly number[])[], tried: number): Luck {
  const ratios = returns.map((list) => sharpeRatio(list) ?? 0);
  const best = ratios.indexOf(Math.max(...ratios));
  const chosen = returns[best]!;
  const trials = returns.length * tried;
  const shape = sharpeShape(moments(chosen));
  const { deviation } = moments(ratios);
  // Seeds are alike: less than what chance alone makes of ratios of so many returns says nothing of other trials.
  const variance = Math.max((deviation ?? 0) ** 2, 1 / Math.max(1, chosen.length - 1));
  const { uniform } = random(hash32('reality check', chosen.length));
  const hasMoved = shape !== null;
  return {
    best,
    trials,
    deflatedSharpe: hasMoved ? deflatedSharpeRatio(shape, { trials, variance }) : null,
    overfitting: hasMoved ? (backtestOverfitting(returns, BLOCKS)?.probability ?? null) : null,
    realityCheck: hasMoved
      ? realityCheck(returns, { samples: SAMPLES, blockLength: blockLength(chosen), uniform }).pValue
      : null,
  };
}
