import { periodsPerYear } from '../../../operators/performance/annualised.ts';
import { blockLength } from '../../../operators/performance/block-length.ts';
import { maxDrawdownOfReturns } from '../../../operators/performance/drawdown.ts';
import { activeReturns } from '../../../operators/performance/information-ratio.ts';
import { type Interval, percentileInterval } from '../../../operators/performance/interval.ts';
import { meanOf } from '../../../operators/performance/moments.ts';
import type { PeriodReturns } from '../../../operators/performance/period-returns.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { bootstrap, type Statistic, type Uniform } from '../../../operators/performance/stationary-bootstrap.ts';
import type { BootstrapFigures } from './backtest-report.ts';

const LEVEL = 0.95;
/** Its ends are then known to about a tenth of the interval. */
const SAMPLES = 1_000;
/** More trades than this are taken together, some that follow each other to one: their mean says as much, and sooner. */
const TRADES_MAX = 5_000;
/** Fewer periods or trades say nothing of their spread. */
export const INTERVAL_COUNT_MIN = 20;
/** Where more of the resampled series have no figure, those that have are no fair sample. */
const ANSWERED_MIN = 0.9;

/** Intervals of the main figures; periods and their benchmark are resampled together, trades by themselves. */
export function bootstrapFigures({
  periods: { returns, periodMs },
  held,
  pnls,
  uniform,
}: {
  readonly periods: Pick<PeriodReturns, 'returns' | 'periodMs'>;
  /** Returns of holding the instrument in the same periods; empty without prices. */
  readonly held: readonly number[];
  readonly pnls: readonly number[];
  readonly uniform: Uniform;
}): BootstrapFigures {
  const length = blockLength(returns);
  const options = { samples: SAMPLES, blockLength: length, uniform };
  const perYear = periodsPerYear(periodMs);
  const hasHeld = held.length === returns.length;
  const active = activeReturns(returns, held);
  const statistics: Statistic[] = [
    ([own]) => meanOf(own!),
    ([own]) => sharpeRatio(own!, perYear),
    ([own]) => maxDrawdownOfReturns(own!),
    ([, above]) => (above === undefined ? null : meanOf(above)),
  ];
  const hasMoved = returns.some((value) => value !== 0);
  const isEnough = returns.length >= INTERVAL_COUNT_MIN && hasMoved;
  const figures = isEnough ? bootstrap(hasHeld ? [returns, active] : [returns], statistics, options) : [];
  const batches = batchMeans(pnls);
  const trades =
    pnls.length < INTERVAL_COUNT_MIN
      ? undefined
      : bootstrap([batches], [([own]) => meanOf(own!)], { ...options, blockLength: blockLength(batches) })[0];
  return {
    level: LEVEL,
    samples: SAMPLES,
    blockLength: length,
    meanReturn: intervalOf(figures[0]),
    sharpe: intervalOf(figures[1]),
    maxDrawdown: intervalOf(figures[2]),
    activeReturn: intervalOf(figures[3]),
    expectancy: intervalOf(trades),
  };
}

function intervalOf(figures: Float64Array | undefined): Interval | null {
  return figures === undefined || figures.length < ANSWERED_MIN * SAMPLES ? null : percentileInterval(figures, LEVEL);
}

/** Means of batches of equally many; the few that are left over at the end are not in it. */
function batchMeans(pnls: readonly number[]): readonly number[] {
  const size = Math.ceil(pnls.length / TRADES_MAX);
  if (size <= 1) return pnls;
  return Array.from({ length: Math.floor(pnls.length / size) }, (_, n) => meanOf(pnls.slice(n * size, (n + 1) * size)));
}
