import { backtestOverfitting } from '../../../operators/performance/backtest-overfitting.ts';
import { blockLength } from '../../../operators/performance/block-length.ts';
import { deflatedSharpeRatio } from '../../../operators/performance/deflated-sharpe-ratio.ts';
import { moments } from '../../../operators/performance/moments.ts';
import { sharpeShape } from '../../../operators/performance/probabilistic-sharpe-ratio.ts';
import { realityCheck } from '../../../operators/performance/reality-check.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { hash32, random } from '../../../operators/random.ts';
import type { Looked, LookedAt } from './looked-at.ts';

/** How much of the best seed is luck. */
export interface Luck {
  /** Place of the seed with the best Sharpe ratio. */
  readonly best: number;
  readonly counted: LookedAt;
  /** Of the best seed, see `deflatedSharpeRatio`; null where nothing moved. */
  readonly deflatedSharpe: number | null;
  /**
   * Share of the splits of time in which what was best in the one half was in the worse half in the other: of the seeds, and
   * of all others whose returns over nearly all of this span are kept, in the periods that all have.
   */
  readonly overfitting: number | null;
  /** White's reality check of the best seed against flat. */
  readonly realityCheck: number | null;
}

/** 924 splits. */
export const OVERFITTING_BLOCKS = 12;
const SAMPLES = 1_000;

/**
 * @param returns one list a seed, out of sample
 * @param looked what was looked at on the span, and the returns of others over it
 */
export function luckOf(returns: readonly (readonly number[])[], { counted, shared, returns: others }: Looked): Luck {
  const ratios = returns.map((list) => sharpeRatio(list) ?? 0);
  const best = ratios.indexOf(Math.max(...ratios));
  const chosen = returns[best]!;
  const all = [...returns.map((list) => list.slice(...shared)), ...others];
  const shape = sharpeShape(moments(chosen));
  const { deviation } = moments(all.map((list) => sharpeRatio(list) ?? 0));
  // Seeds are alike: less than what chance alone makes of ratios of so many returns says nothing of other trials.
  const variance = Math.max((deviation ?? 0) ** 2, 1 / Math.max(1, chosen.length - 1));
  const { uniform } = random(hash32('reality check', chosen.length));
  const hasMoved = shape !== null;
  return {
    best,
    counted,
    deflatedSharpe: hasMoved ? deflatedSharpeRatio(shape, { trials: counted.trials, variance }) : null,
    overfitting: hasMoved ? (backtestOverfitting(all, OVERFITTING_BLOCKS)?.probability ?? null) : null,
    realityCheck: hasMoved
      ? realityCheck(returns, { samples: SAMPLES, blockLength: blockLength(chosen), uniform }).pValue
      : null,
  };
}
