import { alphaBeta } from '../../../operators/performance/alpha-beta.ts';
import { annualisedReturn, periodsPerYear } from '../../../operators/performance/annualised.ts';
import { calmarRatio } from '../../../operators/performance/calmar-ratio.ts';
import { deflatedSharpeRatio } from '../../../operators/performance/deflated-sharpe-ratio.ts';
import { drawdowns } from '../../../operators/performance/drawdown.ts';
import { exposure } from '../../../operators/performance/exposure.ts';
import { activeReturns, informationRatio } from '../../../operators/performance/information-ratio.ts';
import { MARKOUT_HORIZONS_MS, markout } from '../../../operators/performance/markouts.ts';
import { moments } from '../../../operators/performance/moments.ts';
import { type PeriodReturns, periodReturns, usualPeriodMs } from '../../../operators/performance/period-returns.ts';
import {
  minimumReturns,
  probabilityAbove,
  sharpeShape,
} from '../../../operators/performance/probabilistic-sharpe-ratio.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { sortinoRatio } from '../../../operators/performance/sortino-ratio.ts';
import { tradingCosts } from '../../../operators/performance/trading-costs.ts';
import { turnover } from '../../../operators/performance/turnover.ts';
import { volatility } from '../../../operators/performance/volatility.ts';
import { hash32, random } from '../../../operators/random.ts';
import type { BacktestResult } from '../backtest-result.ts';
import type { BacktestReport, BenchmarkFigures, CostFigures, ReturnFigures } from './backtest-report.ts';
import { bootstrapFigures } from './bootstrap-figures.ts';
import { calendarReturns } from './calendar-returns.ts';
import { curveSamples, priceSamples } from './curve-samples.ts';
import { fillOutcomes } from './fill-outcomes.ts';
import { invalidFigures } from './invalid-time.ts';
import { reportWarnings } from './report-warnings.ts';
import { tradeFigures } from './trade-figures.ts';
import { verdict } from './verdict.ts';

export interface SummariseOptions {
  /** Where the run is the best of a search: how many were tried, and the variance of their Sharpe ratios of one period. */
  readonly search?: { readonly trials: number; readonly variance: number };
}

/** A shorter run says nothing of a year. */
export const ANNUAL_MS_MIN = 30 * 86_400_000;

/** All that a result says. Intervals are by a generator seeded with the result's id: the same result, the same report. */
export function summarise(result: BacktestResult, { search }: SummariseOptions = {}): BacktestReport {
  const { id, settings, baseAsset, quoteAsset, fromMs, toMs, fills, funding, orders, liquidations } = result;
  const { uniform } = random(hash32(id, 'report'));
  const samples = curveSamples(result);
  const prices = priceSamples(samples);
  const equity = { timesMs: samples.timesMs, values: samples.equity };
  const span = { fromMs, toMs, durationMs: toMs - fromMs };
  const periodMs = usualPeriodMs(span.durationMs);
  const periods = periodReturns(equity, { periodMs, fromMs, toMs });
  const held = periodReturns(prices, { periodMs, fromMs, toMs }).returns.slice(0, periods.returns.length);
  const fallen = drawdowns(equity, toMs);
  const final = samples.equity.at(-1)!;
  const { initialBalance: initial } = settings;
  const heldLong = exposure(samples, toMs);
  const { traded, turnover: turned } = turnover(fills, heldLong?.meanEquity ?? initial);
  const trades = tradeFigures(fills, funding, prices.values.at(-1) ?? fills.at(-1)?.price ?? 0, initial, uniform);
  const report = {
    format: 1 as const,
    id,
    settings,
    baseAsset,
    quoteAsset,
    span,
    equity: { initial, final, least: samples.equity.reduce((a, b) => Math.min(a, b)), net: final - initial },
    returns: returnFigures(periods, { initial, final, spanMs: span.durationMs }, fallen.deepest?.share ?? null, search),
    drawdown: fallen,
    benchmark: benchmarkFigures(periods.returns, held, prices.values, periodMs),
    intervals: bootstrapFigures({ periods, held, pnls: trades.pnls, uniform }),
    exposure: heldLong,
    traded,
    turnover: turned,
    orders,
    outcomes: fillOutcomes(fills, prices),
    costs: costFigures(result, final - initial),
    markouts: {
      maker: MARKOUT_HORIZONS_MS.map((ms) =>
        markout(
          fills.filter(({ isMaker }) => isMaker),
          prices,
          ms,
        ),
      ),
      taker: MARKOUT_HORIZONS_MS.map((ms) =>
        markout(
          fills.filter(({ isMaker }) => !isMaker),
          prices,
          ms,
        ),
      ),
    },
    trades: trades.figures,
    calendar: calendarReturns(samples, fromMs, toMs),
    invalid: invalidFigures(result, samples),
    liquidations,
  };
  return { ...report, verdict: verdict(report), warnings: reportWarnings(report, result.warnings) };
}

function returnFigures(
  { periodMs, returns }: PeriodReturns,
  { initial, final, spanMs }: { initial: number; final: number; spanMs: number },
  maxDrawdown: number | null,
  search: SummariseOptions['search'],
): ReturnFigures {
  const perYear = periodsPerYear(periodMs);
  const shape = moments(returns);
  const ofSharpe = sharpeShape(shape);
  const total = initial > 0 ? final / initial - 1 : 0;
  const annualised = spanMs >= ANNUAL_MS_MIN ? annualisedReturn(total, spanMs) : null;
  return {
    periodMs,
    periods: returns.length,
    total,
    annualised,
    mean: shape.mean,
    volatility: volatility(returns, perYear),
    sharpe: sharpeRatio(returns, perYear),
    sortino: sortinoRatio(returns, perYear),
    calmar: calmarRatio(annualised, maxDrawdown),
    skewness: shape.skewness,
    kurtosis: shape.kurtosis,
    probabilisticSharpe: ofSharpe && probabilityAbove(ofSharpe, 0),
    minimumPeriods: ofSharpe && minimumReturns(ofSharpe),
    deflatedSharpe: ofSharpe && search ? deflatedSharpeRatio(ofSharpe, search) : null,
    trials: search?.trials ?? null,
  };
}

function benchmarkFigures(
  returns: readonly number[],
  held: readonly number[],
  prices: Float64Array,
  periodMs: number,
): BenchmarkFigures | null {
  const [first, last] = [prices[0], prices.at(-1)];
  if (first === undefined || last === undefined || first <= 0) return null;
  const hasMoved = returns.some((value) => value !== 0);
  return {
    total: last / first - 1,
    alphaBeta: hasMoved ? alphaBeta(returns, held, periodsPerYear(periodMs)) : null,
    meanActive: moments(activeReturns(returns, held)).mean,
    informationRatio: hasMoved ? informationRatio(returns, held, periodsPerYear(periodMs)) : null,
  };
}

function costFigures({ fills, funding }: BacktestResult, net: number): CostFigures {
  const costs = tradingCosts(fills);
  const { makerFees, takerFees, makerSpread, takerSpread, slippage } = costs;
  const fees = makerFees + takerFees;
  const received = funding.reduce((sum, { amount }) => sum + amount, 0);
  const beforeCosts = net + makerSpread + takerSpread + slippage + fees - received;
  return { ...costs, beforeCosts, fees, funding: received, net };
}
