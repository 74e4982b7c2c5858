import type { FeeSchedule } from '../../operators/account/fees.ts';
import { createInstrumentTerms } from '../../operators/account/instrument-terms.ts';
import { E8 } from '../../operators/account/money.ts';
import type { Parameters } from '../../operators/features/definition.ts';
import type { BarAssumptions } from '../../operators/matching/bar-exchange.ts';
import type { LatencyModel } from '../../operators/matching/latency.ts';
import { random } from '../../operators/random.ts';
import type { RiskLimits } from '../../operators/risk/risk-limits.ts';
import { type BarSimulation, createBarSimulation } from '../../pipelines/simulation/bar-simulation.ts';
import { createRiskGuard } from '../../pipelines/simulation/risk-guard.ts';
import type { Market, StrategyDefinition } from '../../pipelines/simulation/strategy.ts';
import type { Scale } from '../../streams/events/scale.ts';
import type { BarTape, FundingColumns } from '../../streams/tape/bar-tape.ts';
import { type BacktestAccount, createBacktestAccount } from './backtest-account.ts';
import { type BarCurve, createBarCurve } from './bar-curve.ts';
import { safePrice } from './safe-price.ts';

/** Samples of the account, about. */
const SAMPLES = 20_000;

/** A spread of one tick is the least that there can be; a tenth of a candle's volume is a large part already. */
export const BAR_ASSUMPTIONS: BarAssumptions = { spreadTicks: 1, slippageBps: 1, volumeShare: 0.1 };

export interface BarRunOptions {
  readonly bars: BarTape;
  readonly funding: FundingColumns;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly scale: Scale;
  readonly strategy: StrategyDefinition;
  readonly parameters: Parameters;
  readonly assumptions: BarAssumptions;
  readonly latency: LatencyModel;
  readonly seed: number;
  /** Quote asset. */
  readonly balance: number;
  readonly leverage: number;
  /** VIP level. */
  readonly feeTier: number;
  /** Binance's where not said. */
  readonly fees?: FeeSchedule | undefined;
  readonly limits: RiskLimits;
  /** Before this the strategy only watches, µs since the epoch; it trades from the beginning where not said. */
  readonly tradesFromUs?: number | undefined;
}

/** A strategy and its account before the first candle: `simulation.push(bars)` runs it, `simulation.end()` values it at last. */
export interface BarRun {
  readonly simulation: BarSimulation;
  readonly account: BacktestAccount;
  readonly curve: BarCurve;
}

export function createBarRun(options: BarRunOptions): BarRun {
  const { bars, funding, instrument, scale, strategy, parameters, assumptions, latency } = options;
  const { seed, balance, leverage, feeTier, fees, limits, tradesFromUs } = options;
  const { intervalMs, openTimesMs } = bars;
  const spanMs = openTimesMs.length === 0 ? 0 : openTimesMs.at(-1)! + intervalMs - openTimesMs[0]!;
  const tickSize = scale.price.toNumber(1);
  const terms = createInstrumentTerms({ instrument, scale });
  const account = createBacktestAccount({
    instrument,
    scale,
    balance,
    leverage,
    feeTier,
    fees,
    // Its own samples are taken where it is told of a price, which here is where something happens only.
    sampleMs: Number.POSITIVE_INFINITY,
    onLiquidation: (side, qtySteps, priceTicks) => simulation.liquidate(side, qtySteps, priceTicks),
  });
  const curve = createBarCurve(terms, account.state);
  const middleTicks = ({ bidTicks, askTicks }: Market): number => (bidTicks + askTicks) / 2;
  const guard = createRiskGuard({ limits, equity: () => curve.equityAt(middleTicks(simulation.market)), tradesFromUs });
  const simulation = createBarSimulation({
    strategy,
    parameters,
    intervalMs,
    scale,
    rules: { assumptions, account: account.exchange },
    latency,
    random: random(seed),
    funding,
    sampleMs: Math.max(1, Math.ceil(spanMs / intervalMs / SAMPLES)) * intervalMs,
    onSample: curve.add,
    safeUpToTicks: () => safePrice(terms, account.state) / tickSize,
    guard: guard.check,
    account: { equityAt: curve.equityAt, wallet: () => account.state.walletE8 / E8 },
    listener: account,
  });
  return { simulation, account, curve };
}
