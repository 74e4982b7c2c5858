import type { EntryId } from '../../streams/id.ts';
import type { BacktestResult } from './backtest-result.ts';
import { beginModel, finishResult, type ResultOf } from './finish-result.ts';
import type { MarketRun, MarketRunOptions } from './market-run.ts';

/** What a run was of, and how far it came. */
export interface MarketResultOf
  extends ResultOf,
    Pick<MarketRunOptions, 'queue' | 'latency' | 'positionMode' | 'tradesFromUs' | 'skewUs'> {
  readonly fromEntryId: EntryId;
  readonly toEntryId: EntryId;
  readonly warnings: readonly string[];
}

/** What a run on a recorded market found. */
export function marketResult(of: MarketResultOf, { simulation, account, invalid }: MarketRun): BacktestResult {
  const { queue, latency, skewUs, fromEntryId, toEntryId } = of;
  const models = {
    queue: `${queue.name}: ${queue.says}`,
    latency: `${latency.name}: ${latency.says}`,
    fills:
      'partial: own orders do not change the market; what they take of a level is not there again until it is told anew',
    margin: `cross, ${of.positionMode === 'hedge' ? 'hedge mode' : 'one-way'}, Binance’s brackets of BTCUSDT${account.hasMarkPrices ? '' : '; no mark prices are recorded, so that the last trade’s price is the mark'}`,
    ...beginModel(of.tradesFromUs),
    clock: `the recorder’s clock counts as ${Math.round(skewUs / 1_000)} ms behind the exchange’s`,
  };
  return finishResult(
    of,
    account.state,
    { fromEntryId, toEntryId, models },
    {
      curve: account.curve(),
      fills: account.fills,
      funding: account.funding,
      orders: { ...simulation.counts },
      invalidSpans: invalid.take(),
      liquidations: account.liquidations,
      warnings: of.warnings,
    },
  );
}
