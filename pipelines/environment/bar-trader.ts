import type { Market } from '../simulation/strategy.ts';
import { type BarActions, targetActions } from './bar-actions.ts';
import { type AccountView, type BarObservation, createBarObservation, SINCE_TRADE_BARS } from './bar-observation.ts';
import { type PositionSize, positionSizer } from './bar-target.ts';
import { bringTo, stepsOfTarget, stepsUnderWay } from './bring-to.ts';
import type { Normalisation } from './normalisation.ts';
import type { Space } from './space.ts';

export interface BarTraderOptions {
  readonly normalisation: Normalisation;
  readonly actions: BarActions;
  /** What the target 1 means. */
  readonly size: PositionSize;
  /** Of the instrument, base asset. */
  readonly stepSize: number;
  /** Length of a bar, ms. */
  readonly intervalMs: number;
}

/**
 * What an agent on bars sees at a close, and how its action becomes an order: in training, in a backtest, on paper and live
 * the same. It looks, and acts, once a bar.
 */
export interface BarTrader {
  readonly shape: BarObservation;
  readonly actionSpace: Space;
  /** Written anew by each `look`. */
  readonly observation: Float32Array;
  /** Least position, steps. */
  readonly minSteps: number;
  /** Position as it was when it looked last, and the one that is wanted, steps, negative: short. */
  readonly heldSteps: number;
  readonly wantedSteps: number;
  /** Forgets what came before. */
  reset(): void;
  /**
   * @param values of features; NaN: not valid
   * @param at where in them the bar's begin
   */
  look(market: Market, values: ArrayLike<number>, at: number): Float32Array;
  /**
   * Sends what is needed to come from the position, with what is under way, to the one that is wanted.
   * @returns whether a risk limit stopped it
   * @throws RangeError where the action is not of the space
   */
  act(market: Market, action: number | Float32Array): boolean;
}

/** @throws RangeError for an option that cannot be */
export function createBarTrader(options: BarTraderOptions): BarTrader {
  const { normalisation, intervalMs, stepSize } = options;
  const actions = targetActions(options.actions);
  const size = positionSizer(options.size, stepSize);
  const shape = createBarObservation(normalisation);
  const view: AccountView = { position: 0, unrealised: 0, sinceTrade: 1, openOrders: 0 };
  const longMs = SINCE_TRADE_BARS * intervalMs;
  let lastTarget = 0;
  /** Steps that the target 1 is now. */
  let unitSteps = 1;
  let tradedUs = Number.NEGATIVE_INFINITY;

  // Plain properties for what is looked at with every step.
  const trader = {
    shape,
    actionSpace: actions.space,
    observation: new Float32Array(shape.names.length),
    minSteps: size.minSteps,
    heldSteps: 0,
    wantedSteps: 0,
    reset(): void {
      lastTarget = 0;
      tradedUs = Number.NEGATIVE_INFINITY;
      trader.heldSteps = 0;
      trader.wantedSteps = 0;
    },
    look(market: Market, values: ArrayLike<number>, at: number): Float32Array {
      const { positionSteps, timeUs } = market;
      if (positionSteps !== trader.heldSteps) {
        trader.heldSteps = positionSteps;
        tradedUs = timeUs;
      }
      const [equity, wallet] = [market.equity(), market.wallet()];
      // At the candle's close in the middle of the best prices.
      unitSteps = size.unitSteps(equity, ((market.bidTicks + market.askTicks) / 2) * market.tickSize);
      view.position = positionSteps / unitSteps;
      view.unrealised = (equity - wallet) / wallet;
      view.sinceTrade = Math.min(1, (timeUs - tradedUs) / (1_000 * longMs));
      view.openOrders = stepsUnderWay(market.orders) / unitSteps;
      shape.write(trader.observation, values, at, view);
      return trader.observation;
    },
    act(market: Market, action: number | Float32Array): boolean {
      const target = actions.targetOf(action);
      if (target !== lastTarget || size.isFixed) {
        lastTarget = target;
        trader.wantedSteps = stepsOfTarget(target, unitSteps);
      }
      return bringTo(market, trader.wantedSteps, size.minSteps);
    },
  };
  return trader;
}
