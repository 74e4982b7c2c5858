import type { AccountEvent, PositionMode } from '../../operators/account/account-event.ts';
import { E8 } from '../../operators/account/money.ts';
import { equityE8 } from '../../operators/account/valuation.ts';
import type { Parameters } from '../../operators/features/definition.ts';
import type { LatencyModel } from '../../operators/matching/latency.ts';
import type { QueueModel } from '../../operators/matching/queue-model.ts';
import { random } from '../../operators/random.ts';
import type { RiskLimits } from '../../operators/risk/risk-limits.ts';
import type { QuietPrices } from '../../pipelines/simulation/pass-trades.ts';
import { createRiskGuard, type RiskGuard } from '../../pipelines/simulation/risk-guard.ts';
import { createSimulation, type Simulation } from '../../pipelines/simulation/simulation.ts';
import type { SimulationListener } from '../../pipelines/simulation/simulation-listener.ts';
import type { StrategyDefinition } from '../../pipelines/simulation/strategy.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { type BacktestAccount, createBacktestAccount } from './backtest-account.ts';
import { createInvalidSpans, type InvalidSpans } from './invalid-spans.ts';

export interface MarketRunOptions {
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly scale: Scale;
  readonly strategy: StrategyDefinition;
  readonly parameters: Parameters;
  readonly queue: QueueModel;
  readonly latency: LatencyModel;
  readonly seed: number;
  /** Quote asset. */
  readonly balance: number;
  readonly leverage: number;
  /** VIP level. */
  readonly feeTier: number;
  /** One-way where not said. */
  readonly positionMode?: PositionMode | undefined;
  readonly limits: RiskLimits;
  /** Before this the strategy only watches, µs since the epoch. */
  readonly tradesFromUs?: number | undefined;
  /** How often the account is sampled, ms. */
  readonly sampleMs: number;
  /** By how much the recorder's clock is behind the exchange's, µs. */
  readonly skewUs: number;
  readonly onAccountEvent?: (event: AccountEvent) => void;
  /** Told of orders, beside the account. */
  readonly listener?: Omit<SimulationListener, 'onFill' | 'onRest' | 'onAmended' | 'onExchangeEvent'>;
  /** As of `createSimulation`, where who decides is outside. */
  readonly isPaused?: () => boolean;
  readonly quiet?: QuietPrices;
}

/** A strategy with its account and its limits against a recorded market. */
export interface MarketRun {
  readonly simulation: Simulation;
  readonly account: BacktestAccount;
  readonly guard: RiskGuard;
  readonly invalid: InvalidSpans;
}

/** The run that a backtest and paper trading have in common: what comes to it decides on all that it does. */
export function createMarketRun(options: MarketRunOptions): MarketRun {
  const { strategy, parameters, scale, queue, latency, seed, limits, tradesFromUs, skewUs, onAccountEvent, listener } =
    options;
  const { positionMode = 'oneWay' } = options;
  const isOutside = options.isPaused !== undefined;
  const invalid = createInvalidSpans();
  const account = createBacktestAccount({
    ...options,
    onEvent: onAccountEvent,
    onLiquidation: (side, qtySteps, priceTicks, positionSide) =>
      simulation.liquidate(side, qtySteps, priceTicks, positionSide),
  });
  const figures = { equity: () => equityE8(account.state) / E8, wallet: () => account.state.walletE8 / E8 };
  const guard = createRiskGuard({ limits, equity: figures.equity, tradesFromUs });
  const simulation = createSimulation({
    strategy,
    parameters,
    scale,
    rules: { queue, fills: 'partial', account: account.exchange, positionMode },
    latency,
    random: random(seed),
    skewUs,
    guard: guard.check,
    account: figures,
    ...(options.isPaused === undefined ? {} : { isPaused: options.isPaused }),
    ...(options.quiet === undefined ? {} : { quiet: options.quiet }),
    listener: {
      ...account,
      ...listener,
      onSend(request, midTicks, timeUs) {
        listener?.onSend?.(request, midTicks, timeUs);
        account.onSend!(request, midTicks, timeUs);
      },
      onTriggered(request, midTicks, timeUs) {
        listener?.onTriggered?.(request, midTicks, timeUs);
        account.onTriggered!(request, midTicks, timeUs);
      },
      onEnd(orderId, end, code, timeUs) {
        account.onEnd!(orderId, end, code, timeUs);
        listener?.onEnd?.(orderId, end, code, timeUs);
      },
      onExchangeEvent(event, timeUs, midTicks) {
        // Who decides from outside asks for no curve and no spans.
        if (isOutside && event.type === 'depthUpdate' && account.isPriced) return;
        account.onExchangeEvent!(event, timeUs, midTicks);
        if (event.type === 'markPrice') guard.note(timeUs);
        invalid.note(event, timeUs / 1_000, simulation.market.isBookValid);
      },
    },
  });
  return { simulation, account, guard, invalid };
}
