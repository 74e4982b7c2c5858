import type { Market, OwnOrder } from '../simulation/strategy.ts';

const REDUCE_ONLY = { isReduceOnly: true } as const;
const MAY_OPEN = {} as const;

/** A target in parts of a position as steps. Half a step is rounded away from 0 on both sides: long and short are alike. */
export function stepsOfTarget(target: number, unitSteps: number): number {
  const steps = Math.round(Math.abs(target) * unitSteps);
  return target < 0 ? 0 - steps : steps;
}

/** Steps that own orders may still move the position by. */
export function stepsUnderWay(orders: readonly OwnOrder[]): number {
  let steps = 0;
  for (let n = 0; n < orders.length; n++)
    steps += orders[n]!.side === 'buy' ? orders[n]!.leftSteps : -orders[n]!.leftSteps;
  return steps;
}

/**
 * Sends a market order for what lacks, with what is under way, to the position that is wanted.
 * @returns whether a risk limit stopped it
 */
export function bringTo(market: Market, wantedSteps: number, minSteps: number): boolean {
  const underWay = stepsUnderWay(market.orders);
  const held = market.positionSteps;
  const steps = wantedSteps - held - underWay;
  if (Math.abs(steps) < minSteps) return false;
  const isReducing = underWay === 0 && held * steps < 0 && Math.abs(steps) <= Math.abs(held);
  const side = steps > 0 ? 'buy' : 'sell';
  return market.placeMarket(side, Math.abs(steps), isReducing ? REDUCE_ONLY : MAY_OPEN) === 0;
}
