import { backtestOverfitting } from '../../../operators/performance/backtest-overfitting.ts';
import { deflatedSharpeRatio } from '../../../operators/performance/deflated-sharpe-ratio.ts';
import { moments } from '../../../operators/performance/moments.ts';
import { sharpeShape } from '../../../operators/performance/probabilistic-sharpe-ratio.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { effectiveTrials } from '../../../operators/search/effective-trials.ts';
import { OVERFITTING_BLOCKS } from './luck.ts';

/** How much luck there is in the choice of the best Sharpe ratio among policies over one span. Plain data. */
export interface ChoiceLuck {
  /** Among so many. */
  readonly of: number;
  /** What they are worth in independent ones, since they are alike. */
  readonly effective: number;
  /** Probability of backtest overfitting; null: there is no choice, or there are too few periods. */
  readonly overfitting: number | null;
  /** Of the best, by the independent ones; null where nothing moved. */
  readonly deflatedSharpe: number | null;
}

/** @param returns one list a policy, of the same periods; one that was ruined may end before the others */
export function choiceLuck(returns: readonly (readonly number[])[]): ChoiceLuck {
  const periods = returns.reduce((most, list) => Math.max(most, list.length), 0);
  const lists = returns.map((list) => [...list, ...new Array<number>(periods - list.length).fill(0)]);
  const ratios = lists.map((list) => sharpeRatio(list) ?? 0);
  const best = lists[ratios.indexOf(Math.max(...ratios))];
  const shape = best === undefined ? null : sharpeShape(moments(best));
  const effective = effectiveTrials(lists);
  // As for seeds: less than chance alone makes of them says nothing.
  const variance = Math.max((moments(ratios).deviation ?? 0) ** 2, 1 / Math.max(1, periods - 1));
  return {
    of: lists.length,
    effective,
    overfitting: shape === null ? null : (backtestOverfitting(lists, OVERFITTING_BLOCKS)?.probability ?? null),
    deflatedSharpe: shape === null ? null : deflatedSharpeRatio(shape, { trials: effective, variance }),
  };
}
