import { BadInput } from '../../../infra/setup-error.ts';
import { indexFrom } from '../../../pipelines/environment/bar-span.ts';
import { type PositionSizer, positionSizer } from '../../../pipelines/environment/bar-target.ts';
import type { Market } from '../../../pipelines/simulation/strategy.ts';
import { createBarRun } from '../../backtest/bar-run.ts';
import { utc } from '../../backtest/report/numbers.ts';
import { runStrategy } from '../../backtest/strategy-failure.ts';
import { type BarData, runTermsOf, type Span } from './bar-data.ts';
import type { WarmStrategy } from './warm-strategy.ts';

/** What a strategy wanted over a span, and what that came to. */
export interface StrategyTargets {
  /** By candle of the tape, at its close: from −1 to 1, in parts of the greatest position; NaN outside the span. */
  readonly targets: Float64Array;
  /** Of its own account: 0.01 is a gain of 1 %. */
  readonly total: number;
  /** Greatest part that it wanted, long or short; beyond 1 where it wanted more than a target can be. */
  readonly greatest: number;
}

/**
 * Runs a strategy over a part of the candles as a backtest of that part does. A target is the position that it holds, with
 * its orders that take, as a part of what its own account could hold when it changed: as an agent's target is sized. Of
 * orders that rest only what was filled counts.
 * @param fullPosition what counts as the target 1, base asset; null: what an agent with this account could hold
 * @throws BadInput where it does not trade in the span
 */
export function strategyTargets(
  data: BarData,
  { fromMs, toMs }: Span,
  { definition, parameters }: WarmStrategy,
  fullPosition: number | null,
): StrategyTargets {
  const { config, bars, scale } = data;
  const { openTimesMs } = bars;
  const [from, to] = [indexFrom(openTimesMs, fromMs), indexFrom(openTimesMs, toMs)];
  const { unitSteps } = sizerOf(fullPosition, config.equityShare, scale.qty.toNumber(1));
  const targets = new Float64Array(openTimesMs.length).fill(Number.NaN);
  let timeUs = openTimesMs[from]! * 1_000;
  let [total, filled, greatest] = [0, 0, 0];
  runStrategy(
    definition,
    () => timeUs,
    () => {
      const { simulation } = createBarRun({ ...runTermsOf(data), strategy: definition, parameters, seed: 1 });
      const { market, counts } = simulation;
      let [lastSteps, target] = [0, 0];
      for (let bar = from; bar < to; bar++) {
        simulation.next(bars, bar);
        timeUs = market.timeUs;
        const wanted = wantedSteps(market);
        if (wanted !== lastSteps) {
          lastSteps = wanted;
          target = wanted / unitSteps(market.equity(), scale.price.toNumber(bars.close[bar]!));
          greatest = Math.max(greatest, Math.abs(target));
        }
        targets[bar] = Math.min(Math.max(target, -1), 1);
      }
      total = market.equity() / config.balance - 1;
      filled = counts.filled;
    },
  );
  if (filled === 0)
    throw new BadInput(
      `warmStart/strategy: expected one that trades in what is learned of, found no trade of ${definition.name} from ${utc(fromMs)} to ${utc(toMs)}`,
    );
  return { targets, total, greatest };
}

/** The position with what own orders that take will make of it, steps, negative: short. */
function wantedSteps({ positionSteps, orders, bidTicks, askTicks }: Market): number {
  let steps = positionSteps;
  for (const { side, priceTicks, leftSteps, state } of orders) {
    const isTaking = Number.isNaN(priceTicks) || (side === 'buy' ? priceTicks >= askTicks : priceTicks <= bidTicks);
    if (isTaking && state !== 'cancelling') steps += side === 'buy' ? leftSteps : -leftSteps;
  }
  return steps;
}

function sizerOf(fullPosition: number | null, equityShare: number, stepSize: number): PositionSizer {
  try {
    return positionSizer(fullPosition === null ? { equityShare } : { qty: fullPosition }, stepSize);
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(`warmStart/fullPosition: ${error.message}`) : error;
  }
}
