import { markout } from '../../../operators/performance/markouts.ts';
import type { Samples } from '../../../operators/performance/period-returns.ts';
import { tradingCosts } from '../../../operators/performance/trading-costs.ts';
import type { BacktestFill, FillOutcome } from '../backtest-result.ts';
import type { OutcomeFigures } from './backtest-report.ts';

const OUTCOMES: readonly FillOutcome[] = ['queue', 'through', 'taker', 'liquidation'];
const HORIZON_MS = 10_000;

/** Fills by how they came about, of each outcome that there was. */
export function fillOutcomes(fills: readonly BacktestFill[], prices: Samples): OutcomeFigures[] {
  return OUTCOMES.flatMap((outcome) => {
    const own = fills.filter((fill) => fill.outcome === outcome);
    if (own.length === 0) return [];
    const costs = tradingCosts(own);
    return {
      outcome,
      fills: own.length,
      qty: own.reduce((sum, { qty }) => sum + qty, 0),
      traded: own.reduce((sum, { qty, price }) => sum + qty * price, 0),
      fees: costs.makerFees + costs.takerFees,
      spread: costs.makerSpread + costs.takerSpread,
      markout: markout(own, prices, HORIZON_MS),
    };
  });
}
