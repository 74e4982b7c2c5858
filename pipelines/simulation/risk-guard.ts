import { createRiskState, evolveRisk, noteSent, type RiskView, riskRefusal } from '../../operators/risk/risk.ts';
import type { RiskLimitName, RiskLimits } from '../../operators/risk/risk-limits.ts';
import type { Market } from './strategy.ts';
import type { OrderGuard } from './strategy-market.ts';

/** Stands between a strategy and the exchange. */
export interface RiskGuard {
  readonly check: OrderGuard;
  /** Tells of the time, each time that the equity may be another: the day's loss is reckoned from its beginning. */
  note(timeUs: number): void;
  /** Lets no order through, or does again. */
  setHalted(isHalted: boolean): void;
  readonly isHalted: boolean;
}

export interface RiskGuardOptions {
  readonly limits: RiskLimits;
  /** Wallet and unrealised profit, quote asset. */
  readonly equity: () => number;
  /** Before this a strategy only watches, µs since the epoch; it trades from the beginning where not said. */
  readonly tradesFromUs?: number | undefined;
}

/** Keeps a run's orders within limits, by what the strategy knows when it sends them. */
export function createRiskGuard({ limits, equity, tradesFromUs = 0 }: RiskGuardOptions): RiskGuard {
  const state = createRiskState();
  let isHalted = false;

  return {
    check(order, market): RiskLimitName | null {
      if (isHalted) return 'halted';
      if (market.timeUs < tradesFromUs) return 'warm-up';
      const view = viewOf(market, equity(), order.orderId);
      evolveRisk(limits, state, view);
      const found = riskRefusal(limits, state, order, view);
      if (found === null) noteSent(state, market.timeUs);
      return found;
    },
    note(timeUs) {
      evolveRisk(limits, state, { timeUs, equity: equity() });
    },
    setHalted(is) {
      isHalted = is;
    },
    get isHalted() {
      return isHalted;
    },
  };
}

/** @param judgedId of the order that is judged: of one that is to be changed what is filled of it is no part of what it adds */
function viewOf(market: Market, equity: number, judgedId: number): RiskView {
  const { positionSteps, bidTicks, askTicks, orders } = market;
  let [buySteps, sellSteps] = [0, 0];
  for (const { side, qtySteps, isReduceOnly } of market.conditionalOrders) {
    if (isReduceOnly) continue;
    if (side === 'buy') buySteps += qtySteps;
    else sellSteps += qtySteps;
  }
  for (const { orderId, side, qtySteps, mostSteps, leftSteps, isReduceOnly } of orders) {
    if (isReduceOnly) continue;
    const filledSteps = qtySteps - leftSteps;
    const counted = (orderId === judgedId ? 0 : mostSteps) - filledSteps;
    if (side === 'buy') buySteps += counted;
    else sellSteps += counted;
  }
  const midTicks = (bidTicks + askTicks) / 2;
  // Written out: to spread one object into another takes as long as all of the rest.
  return {
    timeUs: market.timeUs,
    equity,
    positionSteps,
    buySteps,
    sellSteps,
    midTicks,
    isBookValid: market.isBookValid,
    bookUs: market.bookUs,
    areFeaturesValid: market.areFeaturesValid,
    tickSize: market.tickSize,
    stepSize: market.stepSize,
  };
}
