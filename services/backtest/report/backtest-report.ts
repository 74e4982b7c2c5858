import type { AlphaBeta } from '../../../operators/performance/alpha-beta.ts';
import type { Drawdowns } from '../../../operators/performance/drawdown.ts';
import type { Exposure } from '../../../operators/performance/exposure.ts';
import type { Interval } from '../../../operators/performance/interval.ts';
import type { Markout } from '../../../operators/performance/markouts.ts';
import type { RoundTrip } from '../../../operators/performance/round-trips.ts';
import type { TradeOrder } from '../../../operators/performance/trade-order.ts';
import type { TradeStatistics } from '../../../operators/performance/trade-statistics.ts';
import type { TradingCosts } from '../../../operators/performance/trading-costs.ts';
import type { BacktestSettings, FillOutcome, OrderCounts } from '../backtest-result.ts';

/**
 * What a backtest's result says, as plain JSON: shares are fractions (0.01 is 1 %), amounts are in the quote asset, times
 * are ms since the epoch. `null` is a figure without an answer; none is NaN or infinite.
 */
export interface BacktestReport {
  /** Raised when a field changes its meaning. */
  readonly format: 1;
  readonly id: string;
  readonly settings: BacktestSettings;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly span: { readonly fromMs: number; readonly toMs: number; readonly durationMs: number };
  /** In a sentence or two, for people. */
  readonly verdict: string;
  readonly equity: { readonly initial: number; readonly final: number; readonly least: number; readonly net: number };
  readonly returns: ReturnFigures;
  readonly drawdown: Drawdowns;
  /** Against holding the instrument with the initial balance, without leverage or costs. */
  readonly benchmark: BenchmarkFigures | null;
  readonly intervals: BootstrapFigures;
  readonly exposure: Exposure | null;
  /** Σ price · qty of buys and sells, and how often that is the mean equity. */
  readonly traded: number;
  readonly turnover: number | null;
  readonly orders: OrderCounts;
  readonly outcomes: readonly OutcomeFigures[];
  readonly costs: CostFigures;
  readonly markouts: { readonly maker: readonly Markout[]; readonly taker: readonly Markout[] };
  readonly trades: TradeFigures;
  /** Returns of calendar months or days of UTC; none for a span of less than two. */
  readonly calendar: CalendarReturns;
  readonly invalid: InvalidFigures;
  readonly liquidations: number;
  readonly warnings: readonly ReportWarning[];
}

/** By returns of equal periods; ratios and volatility are of a year. */
export interface ReturnFigures {
  readonly periodMs: number;
  readonly periods: number;
  readonly total: number;
  /** `null` below 30 days, which do not make a year. */
  readonly annualised: number | null;
  /** Of one period. */
  readonly mean: number | null;
  readonly volatility: number | null;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly calmar: number | null;
  readonly skewness: number | null;
  /** 3 for a normal distribution. */
  readonly kurtosis: number | null;
  /** Probability that the true Sharpe ratio is above 0. */
  readonly probabilisticSharpe: number | null;
  /** Periods that it takes to say so with 95 %; `null` where the ratio is not above 0. */
  readonly minimumPeriods: number | null;
  /** Probability that the true Sharpe ratio is above that of the luckiest of the trials; `null` where none are told. */
  readonly deflatedSharpe: number | null;
  readonly trials: number | null;
}

export interface BenchmarkFigures {
  readonly total: number;
  readonly alphaBeta: AlphaBeta | null;
  /** Mean return of one period above it. */
  readonly meanActive: number | null;
  readonly informationRatio: number | null;
}

/** By the stationary bootstrap; `null`: too few periods. */
export interface BootstrapFigures {
  readonly level: number;
  readonly samples: number;
  /** Mean length of a block, in periods. */
  readonly blockLength: number;
  /** Of one period. */
  readonly meanReturn: Interval | null;
  /** Of a year. */
  readonly sharpe: Interval | null;
  /** Share of the peak, at the ends of periods: what the same sort of periods gave in other orders. */
  readonly maxDrawdown: Interval | null;
  /** Mean return of one period above that of holding the instrument. */
  readonly activeReturn: Interval | null;
  /** Mean result of a trade, quote asset. */
  readonly expectancy: Interval | null;
}

export interface OutcomeFigures {
  readonly outcome: FillOutcome;
  readonly fills: number;
  readonly qty: number;
  readonly traded: number;
  readonly fees: number;
  /** Σ s (price − mid when filled) qty; below 0: earned. */
  readonly spread: number;
  /** See `markout`; over the horizon of 10 s. */
  readonly markout: Markout;
}

/**
 * net = beforeCosts − makerSpread − takerSpread − slippage − fees + funding: what prices alone gave, had each fill been at
 * the midprice, less what trading cost.
 */
export interface CostFigures extends TradingCosts {
  readonly beforeCosts: number;
  readonly fees: number;
  /** Positive: received. */
  readonly funding: number;
  readonly net: number;
}

export interface TradeFigures extends TradeStatistics {
  /** How long a unit was held, weighted by quantity. */
  readonly meanHoldingMs: number | null;
  /** The one that the run ended in, which the statistics leave out. */
  readonly open: RoundTrip | null;
  readonly order: TradeOrder | null;
  /** The first 10,000. */
  readonly closed: readonly RoundTrip[];
  readonly leftOut: number;
}

export interface CalendarReturns {
  readonly unit: 'month' | 'day';
  readonly returns: readonly CalendarReturn[];
}

export interface CalendarReturn {
  /** `2024-05` or `2024-05-01`. */
  readonly name: string;
  readonly return: number;
  /** It is cut by an end of the run. */
  readonly isPartial: boolean;
}

export interface InvalidFigures {
  readonly spans: number;
  /** Without counting twice what overlaps. */
  readonly durationMs: number;
  readonly share: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** Fills within them. */
  readonly fills: number;
  /** Spans in which a position was held. */
  readonly held: number;
}

export interface ReportWarning {
  /** What it is about, such as `gaps`; `run` where the run itself said it. */
  readonly code: string;
  readonly text: string;
}
