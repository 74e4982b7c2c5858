import { periodsPerYear } from '../../../operators/performance/annualised.ts';
import { drawdowns } from '../../../operators/performance/drawdown.ts';
import type { Interval } from '../../../operators/performance/interval.ts';
import { periodReturns, usualPeriodMs } from '../../../operators/performance/period-returns.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { hash32, random } from '../../../operators/random.ts';
import { bootstrapFigures } from '../../backtest/report/bootstrap-figures.ts';
import type { Span } from './bar-data.ts';
import type { Pass } from './pass.ts';

/** What a pass was worth, beside another one over the same span. */
export interface Judgement {
  readonly name: string;
  /** Share of what there was: 0.01 is a gain of 1 %. */
  readonly total: number;
  /** A year; null where nothing moved. */
  readonly sharpe: number | null;
  readonly maxDrawdown: number;
  /** 95 %; null where there are too few returns. */
  readonly sharpeInterval: Interval | null;
  /** Of the mean return of a period above that of holding. */
  readonly aboveHolding: Interval | null;
  readonly periodMs: number;
  readonly returns: readonly number[];
  readonly fees: number;
  readonly funding: number;
  readonly filled: number;
  readonly liquidations: number;
}

/** What choices go by: a pass over the validation span. Plain data. */
export interface Validated {
  /** A year; 0 where nothing moved. */
  readonly sharpe: number;
  /** Of the span's usual periods. */
  readonly returns: readonly number[];
}

export function validated({ timesMs, equity }: Pass, { fromMs, toMs }: Span): Validated {
  const periodMs = usualPeriodMs(toMs - fromMs);
  const span = { periodMs, fromMs: Math.max(fromMs, timesMs[0]!), toMs };
  const { returns } = periodReturns({ timesMs, values: equity }, span);
  return { sharpe: sharpeRatio(returns, periodsPerYear(periodMs)) ?? 0, returns };
}

export function judge(name: string, pass: Pass, { fromMs, toMs }: Span): Judgement {
  const periodMs = usualPeriodMs(toMs - fromMs);
  const span = { periodMs, fromMs: Math.max(fromMs, pass.timesMs[0]!), toMs };
  const own = { timesMs: pass.timesMs, values: pass.equity };
  const periods = periodReturns(own, span);
  const held = periodReturns({ timesMs: pass.timesMs, values: pass.price }, span).returns;
  const uniform = random(hash32('judge', name)).uniform;
  const { sharpe, activeReturn } = bootstrapFigures({ periods, held, pnls: [], uniform });
  const { fees, funding, filled, liquidations } = pass;
  return {
    name,
    total: pass.equity.at(-1)! / pass.equity[0]! - 1,
    sharpe: sharpeRatio(periods.returns, periodsPerYear(periodMs)),
    maxDrawdown: drawdowns(own, toMs).deepest?.share ?? 0,
    sharpeInterval: sharpe,
    aboveHolding: activeReturn,
    periodMs,
    returns: periods.returns,
    fees,
    funding,
    filled,
    liquidations,
  };
}
