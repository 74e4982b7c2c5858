import { periodsPerYear } from '../../operators/performance/annualised.ts';
import { drawdowns } from '../../operators/performance/drawdown.ts';
import { periodReturns, type Samples } from '../../operators/performance/period-returns.ts';
import { sharpeRatio } from '../../operators/performance/sharpe-ratio.ts';
import { sortinoRatio } from '../../operators/performance/sortino-ratio.ts';
import { volatility } from '../../operators/performance/volatility.ts';
import type { BacktestResult } from '../backtest/backtest-result.ts';
import type { TrialAsk, TrialOutcome } from './trial.ts';

/**
 * What a run came to in the span in which it might trade. What it still holds at the end is valued at the last price, less
 * the taker's fee of closing it: the next span begins flat.
 */
export function trialOutcome(
  { curve, fills, settings, orders, liquidations, warnings }: BacktestResult,
  { tradeFromMs, toMs, periodMs }: Pick<TrialAsk, 'tradeFromMs' | 'toMs' | 'periodMs'>,
): TrialOutcome {
  const { initialBalance, takerFee } = settings;
  // Of the span before nothing is told.
  const { 'warm-up': _, ...stopped } = orders.stopped;
  const [timesMs, equity, prices]: [number[], number[], number[]] = [[0], [initialBalance], []];
  for (let n = 0; n < curve.timesMs.length; n++) {
    const [timeMs, value, price] = [curve.timesMs[n]!, curve.equity[n]!, curve.price[n]!];
    if (timeMs < tradeFromMs || !Number.isFinite(value) || !Number.isFinite(price)) continue;
    // Counted from the span's start, so that all periods but the last are equally long.
    timesMs.push(timeMs - tradeFromMs);
    equity.push(value);
    prices.push(price);
  }
  const closing = Math.abs(curve.position.at(-1) ?? 0) * (prices.at(-1) ?? 0) * takerFee;
  equity[equity.length - 1]! -= closing;
  const span = { periodMs, fromMs: 0, toMs: toMs - tradeFromMs };
  const own = { timesMs: timesMs, values: equity };
  const returns = paddedReturns(own, span);
  const held = prices.length === 0 ? [] : paddedReturns({ timesMs: timesMs, values: [prices[0]!, ...prices] }, span);
  const perYear = periodsPerYear(periodMs);
  const traded = fills.reduce((sum, { price, qty }) => sum + price * qty, 0);
  return {
    figures: {
      total: equity.at(-1)! / initialBalance - 1,
      sharpe: sharpeRatio(returns, perYear),
      sortino: sortinoRatio(returns, perYear),
      volatility: volatility(returns, perYear),
      maxDrawdown: drawdowns(own, span.toMs).deepest?.share ?? 0,
      turnover: traded / initialBalance,
      fills: fills.length,
      liquidations,
    },
    returns,
    held,
    sent: orders.sent,
    refused: { ...orders.rejected, ...stopped },
    warnings,
    failure: null,
  };
}

/** A trial that its strategy did not come to the end of. */
export function failedTrial(failure: string): TrialOutcome {
  return { figures: null, returns: [], held: [], sent: 0, refused: {}, warnings: [], failure };
}

/** As many as the span has periods: nothing more is gained where all is lost. */
function paddedReturns(samples: Samples, span: { periodMs: number; fromMs: number; toMs: number }): number[] {
  const { returns } = periodReturns(samples, span);
  const count = Math.ceil(span.toMs / span.periodMs);
  return Array.from({ length: count }, (_, n) => returns[n] ?? 0);
}
