import type { StrategyFill } from '../simulation/strategy.ts';

/** What an agent knows by the fills that it was told of. Plain properties, changed in place. */
export interface ToldPosition {
  steps: number;
  /** What the steps that are held were bought or sold for, ticks × steps; of their sign. */
  cost: number;
  /** When it was told of a fill last, µs since the epoch; −Infinity: never. */
  tradedUs: number;
}

/** Takes in a fill. */
export function applyFill(told: ToldPosition, { side, priceTicks, qtySteps }: StrategyFill, timeUs: number): void {
  const moved = side === 'buy' ? qtySteps : -qtySteps;
  const steps = told.steps + moved;
  if (told.steps * moved >= 0) told.cost += moved * priceTicks;
  else if (told.steps * steps > 0) told.cost *= steps / told.steps;
  else told.cost = steps * priceTicks;
  told.steps = steps;
  told.tradedUs = timeUs;
}

/** Profit of the position at a price, ticks × steps. */
export function unrealised({ steps, cost }: ToldPosition, ticks: number): number {
  return steps === 0 ? 0 : steps * ticks - cost;
}
