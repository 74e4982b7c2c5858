import { periodsPerYear } from '../../../operators/performance/annualised.ts';
import { maxDrawdownOfReturns } from '../../../operators/performance/drawdown.ts';
import type { Interval } from '../../../operators/performance/interval.ts';
import { meanOf } from '../../../operators/performance/moments.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { hash32, random } from '../../../operators/random.ts';
import { bootstrapFigures } from '../../backtest/report/bootstrap-figures.ts';

/** What returns of equal periods come to. */
export interface Figures {
  /** Share of what there was: 0.01 is a gain of 1 %. */
  readonly total: number;
  /** A year; null where nothing moved. */
  readonly sharpe: number | null;
  readonly maxDrawdown: number;
  /** 95 %, by the stationary bootstrap; null where there are too few returns, or nothing moved. */
  readonly sharpeInterval: Interval | null;
  /** Of the mean return of a period. */
  readonly meanInterval: Interval | null;
}

export function figuresOf(returns: readonly number[], periodMs: number): Figures {
  const { uniform } = random(hash32('evaluation', returns.length));
  const { sharpe, meanReturn } = bootstrapFigures({ periods: { returns, periodMs }, held: [], pnls: [], uniform });
  return {
    total: returns.reduce((value, gain) => value * (1 + gain), 1) - 1,
    sharpe: sharpeRatio(returns, periodsPerYear(periodMs)),
    maxDrawdown: maxDrawdownOfReturns(returns),
    sharpeInterval: sharpe,
    meanInterval: meanReturn,
  };
}

/** How returns stand to others of the same periods. */
export interface Comparison {
  /** What they are compared with. */
  readonly name: string;
  /** Of a period, above the other's. */
  readonly mean: number;
  /** 95 %; periods are resampled as pairs. */
  readonly interval: Interval | null;
  /** Where the interval holds 0, or there is none, it cannot be told. */
  readonly is: 'better' | 'worse' | 'not told';
}

export function comparisonWith(
  name: string,
  returns: readonly number[],
  other: readonly number[],
  periodMs: number,
): Comparison {
  const above = returns.map((value, n) => value - other[n]!);
  const { meanInterval: interval } = figuresOf(above, periodMs);
  const is = interval === null ? 'not told' : interval.low > 0 ? 'better' : interval.high < 0 ? 'worse' : 'not told';
  return { name, mean: meanOf(above), interval, is };
}

/** Of each period the mean of several lists: what the seeds gain on average, whichever is the lucky one. */
export function averageOf(lists: readonly (readonly number[])[]): readonly number[] {
  return lists[0]!.map((_, n) => meanOf(lists.map((list) => list[n]!)));
}
