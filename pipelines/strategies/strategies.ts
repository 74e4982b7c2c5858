import type { StrategyDefinition } from '../simulation/strategy.ts';
import { GRID } from './grid.ts';
import { LIQUIDATION_FADE } from './liquidation-fade.ts';
import { MARKET_MAKER } from './market-maker.ts';
import { MOVING_AVERAGE_CROSS } from './moving-average-cross.ts';

/** The strategies that Don comes with: examples to read, and to begin with. */
export const STRATEGIES: readonly StrategyDefinition[] = [MARKET_MAKER, GRID, MOVING_AVERAGE_CROSS, LIQUIDATION_FADE];
