import { type RiskLimits, saidLimits } from '../../operators/risk/risk-limits.ts';
import type { EntryId } from '../../streams/id.ts';
import type { BacktestResult, BacktestSettings } from './backtest-result.ts';
import { beginModel, finishResult, SIMULATOR } from './finish-result.ts';
import type { LoadedStrategy } from './load-strategy.ts';
import type { MarketRun, MarketRunOptions } from './market-run.ts';

/** What a run was of, and how far it came. */
export interface MarketResultOf
  extends Pick<
    MarketRunOptions,
    | 'instrument'
    | 'parameters'
    | 'seed'
    | 'balance'
    | 'leverage'
    | 'queue'
    | 'latency'
    | 'positionMode'
    | 'tradesFromUs'
    | 'skewUs'
  > {
  readonly strategy: LoadedStrategy;
  readonly recording: string;
  readonly limits: RiskLimits;
  readonly fromEntryId: EntryId;
  readonly toEntryId: EntryId;
  readonly warnings: readonly string[];
}

/** What a run on a recorded market found. */
export function marketResult(of: MarketResultOf, { simulation, account, invalid }: MarketRun): BacktestResult {
  const { strategy, parameters, instrument, recording, seed, balance, leverage, queue, latency, skewUs } = of;
  const { state } = account;
  const settings: BacktestSettings = {
    strategy: strategy.definition.name,
    strategyHash: strategy.hash,
    parameters,
    instrument,
    recording,
    fromEntryId: of.fromEntryId,
    toEntryId: of.toEntryId,
    seed,
    initialBalance: balance,
    leverage,
    makerFee: state.makerRateE8 / 1e8,
    takerFee: state.takerRateE8 / 1e8,
    limits: saidLimits(of.limits),
    models: {
      queue: `${queue.name}: ${queue.says}`,
      latency: `${latency.name}: ${latency.says}`,
      fills:
        'partial: own orders do not change the market; what they take of a level is not there again until it is told anew',
      margin: `cross, ${of.positionMode === 'hedge' ? 'hedge mode' : 'one-way'}, Binance’s brackets of BTCUSDT${account.hasMarkPrices ? '' : '; no mark prices are recorded, so that the last trade’s price is the mark'}`,
      ...beginModel(of.tradesFromUs),
      clock: `the recorder’s clock counts as ${Math.round(skewUs / 1_000)} ms behind the exchange’s`,
    },
    simulator: SIMULATOR,
  };
  return finishResult(settings, {
    curve: account.curve(),
    fills: account.fills,
    funding: account.funding,
    orders: { ...simulation.counts },
    invalidSpans: invalid.take(),
    liquidations: account.liquidations,
    warnings: of.warnings,
  });
}
