import type { AccountEvent, PositionMode } from '../../../operators/account/account-event.ts';
import type { Parameters } from '../../../operators/features/definition.ts';
import { constantLatency, type LatencyModel } from '../../../operators/matching/latency.ts';
import type { OrderEnd } from '../../../operators/matching/order.ts';
import { RISK_AVERSE } from '../../../operators/matching/queue-model.ts';
import { random } from '../../../operators/random.ts';
import { createSimulation, type Simulation } from '../../../pipelines/simulation/simulation.ts';
import type { SimulatedFill } from '../../../pipelines/simulation/simulation-listener.ts';
import {
  defineStrategy,
  type Market,
  type Strategy,
  type StrategyDefinition,
  type StrategyEvent,
} from '../../../pipelines/simulation/strategy.ts';
import type { OrderGuard } from '../../../pipelines/simulation/strategy-market.ts';
import { type BacktestAccount, createBacktestAccount } from '../../../services/backtest/backtest-account.ts';
import { createScale } from '../../../streams/events/scale.ts';
import type { Tape } from '../../../streams/tape/tape.ts';

export interface AccountRun {
  readonly simulation: Simulation;
  readonly account: BacktestAccount;
  readonly accountEvents: readonly AccountEvent[];
  readonly fills: readonly SimulatedFill[];
  /** Orders that ended otherwise, in order: number, how, code and ms. */
  readonly ends: readonly (readonly [orderId: number, end: OrderEnd, code: number, atMs: number])[];
}

export interface AccountRunOptions {
  readonly strategy: StrategyDefinition;
  readonly parameters?: Parameters;
  readonly positionMode?: PositionMode;
  /** 5 ms there and 7 back, where not said. */
  readonly latency?: LatencyModel;
  readonly balance?: number;
  readonly leverage?: number;
  /** How often the account is sampled, ms; each second where not said. */
  readonly sampleMs?: number;
  readonly guard?: OrderGuard;
  /** Told after each event at the exchange. */
  readonly onEvent?: (run: Pick<AccountRun, 'simulation' | 'account' | 'fills'>) => void;
}

/** A strategy with an account of its own against a small market. */
export function runWithAccount(tapes: readonly Tape[], options: AccountRunOptions): AccountRun {
  const {
    strategy,
    parameters = {},
    positionMode = 'oneWay',
    latency = constantLatency(5, 7),
    balance = 10_000,
    leverage = 5,
    sampleMs = 1_000,
  } = options;
  const fills: SimulatedFill[] = [];
  const ends: AccountRun['ends'][number][] = [];
  const accountEvents: AccountEvent[] = [];
  const account = createBacktestAccount({
    instrument: 'simulated:XUSDT',
    scale: createScale('0.10', '0.001'),
    balance,
    leverage,
    feeTier: 0,
    positionMode,
    sampleMs,
    onEvent: (event) => accountEvents.push(event),
    onLiquidation: (side, qtySteps, priceTicks, positionSide) =>
      simulation.liquidate(side, qtySteps, priceTicks, positionSide),
  });
  const simulation = createSimulation({
    strategy,
    parameters,
    rules: { queue: RISK_AVERSE, fills: 'partial', account: account.exchange, positionMode },
    latency,
    random: random(1),
    ...(options.guard === undefined ? {} : { guard: options.guard }),
    listener: {
      ...account,
      onFill(fill) {
        fills.push(fill);
        account.onFill!(fill);
      },
      onEnd(orderId, end, code, timeUs) {
        ends.push([orderId, end, code, timeUs / 1_000]);
        account.onEnd!(orderId, end, code, timeUs);
      },
      onExchangeEvent(event, timeUs, midTicks) {
        account.onExchangeEvent!(event, timeUs, midTicks);
        options.onEvent?.({ simulation, account, fills });
      },
    },
  });
  for (const tape of tapes) simulation.push(tape);
  simulation.end();
  return { simulation, account, accountEvents, fills, ends };
}

/** A strategy of a test, with a timer each 100 ms where it asks for one. */
export function strategyOf(events: readonly StrategyEvent['type'][], strategy: Strategy): StrategyDefinition {
  const declared = { name: 'of-a-test', title: '', says: '', parameters: {}, everyMs: () => 100 };
  return defineStrategy({ ...declared, events, create: () => strategy });
}

/** One that does something at each of these times, ms; the timer is each 100 ms. */
export function atTimes(steps: Readonly<Record<number, (market: Market) => void>>): StrategyDefinition {
  return strategyOf(['timer'], { onEvent: (_, market) => steps[market.timeUs / 1_000]?.(market) });
}
