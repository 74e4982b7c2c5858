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
    total: totalReturn(returns),
    sharpe: sharpeRatio(returns, periodsPerYear(periodMs)),
    maxDrawdown: maxDrawdownOfReturns(returns),
    sharpeInterval: sharpe,
    meanInterval: meanReturn,
  };
}

/** What returns come to one behind the other: 0.01 is a gain of 1 %. */
export function totalReturn(returns: readonly number[]): number {
  return returns.reduce((value, gain) => value * (1 + gain), 1) - 1;
}

/** Place of the list that is in the middle by what it gained, of two the better one; −1 where there is none. */
export function middleOf(lists: readonly (readonly number[])[]): number {
  const places = lists.map((list, place) => ({ place, total: totalReturn(list) }));
  return places.sort((one, other) => one.total - other.total)[lists.length >> 1]?.place ?? -1;
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

/** Of two lists of the same periods; one that was ruined may end before the other, and has nothing more to lose. */
export function comparisonWith(
  name: string,
  returns: readonly number[],
  other: readonly number[],
  periodMs: number,
): Comparison {
  const count = Math.max(returns.length, other.length);
  const above = Array.from({ length: count }, (_, n) => (returns[n] ?? 0) - (other[n] ?? 0));
  const { meanInterval: interval } = figuresOf(above, periodMs);
  const is = interval === null ? 'not told' : interval.low > 0 ? 'better' : interval.high < 0 ? 'worse' : 'not told';
  return { name, mean: meanOf(above), interval, is };
}

/**
 * Of each period the mean of several lists: what the seeds gain on average, whichever is the lucky one. One that was ruined may
 * end before the others.
 */
export function averageOf(lists: readonly (readonly number[])[]): readonly number[] {
  const count = lists.reduce((most, list) => Math.max(most, list.length), 0);
  return Array.from({ length: count }, (_, n) => meanOf(lists.map((list) => list[n] ?? 0)));
}
