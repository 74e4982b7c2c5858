import { BadInput } from '../../infra/setup-error.ts';
import type { KlineInterval } from '../../operators/kline-bars.ts';
import type { BarAssumptions } from '../../operators/matching/bar-exchange.ts';
import { DEFAULT_RISK_LIMITS, type RiskLimits } from '../../operators/risk/risk-limits.ts';
import type { BarTape } from '../../streams/tape/bar-tape.ts';
import type { BacktestResult } from './backtest-result.ts';
import { BAR_ASSUMPTIONS, type BarRun, createBarRun } from './bar-run.ts';
import { barWarnings, missingCandles } from './bar-warnings.ts';
import type { FoundFunding } from './find-funding.ts';
import { beginModel, finishResult } from './finish-result.ts';
import type { RecordedSpan } from './recorded-span.ts';
import type { RunOptions } from './run-backtest.ts';
import { runStrategy } from './strategy-failure.ts';

/**
 * Runs a strategy over the candles of a recording, by the coarser model that the report says.
 * @throws BadInput where the span holds none
 */
export async function runBarBacktest(
  span: RecordedSpan,
  options: RunOptions,
  interval: KlineInterval,
): Promise<BacktestResult> {
  const { instrument, recording, strategy } = options;
  const bars = await span.candles(interval);
  if (bars === undefined || bars.openTimesMs.length === 0)
    throw new BadInput(`${instrument}, recording ${recording}: no candle of ${interval} is recorded in that span`);
  const found = await span.funding(bars, options.funding);
  const { assumptions = BAR_ASSUMPTIONS, limits = DEFAULT_RISK_LIMITS } = options;
  const { definition } = strategy;
  const run = runStrategy(
    definition,
    () => bars.openTimesMs[0]! * 1_000,
    () =>
      createBarRun({
        ...options,
        bars,
        funding: found.funding,
        scale: span.scale,
        strategy: definition,
        assumptions,
        limits,
      }),
  );
  const { simulation } = run;
  runStrategy(
    definition,
    () => simulation.market.timeUs,
    () => {
      simulation.push(bars);
      simulation.end();
    },
  );
  return resultOf({ ...options, assumptions, limits }, { interval, bars, found, run });
}

interface Passed {
  readonly interval: KlineInterval;
  readonly bars: BarTape;
  readonly found: FoundFunding;
  readonly run: BarRun;
}

function resultOf(
  options: RunOptions & { readonly assumptions: BarAssumptions; readonly limits: RiskLimits },
  { interval, bars, found, run: { account, simulation, curve } }: Passed,
): BacktestResult {
  const { latency } = options;
  const { firstEntryId: fromEntryId, lastEntryId: toEntryId } = bars;
  const { spreadTicks, slippageBps, volumeShare } = options.assumptions;
  const models = {
    market: `candles of ${interval}: what happened within one is not known, and the worse for the account is assumed`,
    fills: `an order that takes, at the open after it arrived, worsened by half a spread of ${spreadTicks} ticks and slippage of ${slippageBps} bps; one that rests, at its price once the price went through it; one that waits for a price, at that price or an open beyond it, worsened as much; at most ${volumeShare} of a candle’s volume`,
    latency: `${latency.name}: ${latency.says}`,
    margin:
      'cross, one-way, Binance’s brackets of BTCUSDT; liquidation is tried against the worst price of each candle, or up to a stop before it',
    funding:
      found.recording === undefined
        ? 'none was recorded'
        : `recorded rates of ${found.recording}, settled by the candle’s price`,
    ...beginModel(options.tradesFromUs),
  };
  return finishResult(
    options,
    account.state,
    { fromEntryId, toEntryId, models },
    {
      curve: curve.take(),
      fills: account.fills,
      funding: account.funding,
      orders: { ...simulation.counts },
      invalidSpans: missingCandles(bars, interval),
      liquidations: account.liquidations,
      warnings: barWarnings(bars, interval, found.funding),
    },
  );
}
