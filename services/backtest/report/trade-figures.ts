import { type RoundTrip, roundTrips } from '../../../operators/performance/round-trips.ts';
import type { Uniform } from '../../../operators/performance/stationary-bootstrap.ts';
import { tradeOrder } from '../../../operators/performance/trade-order.ts';
import { tradeStatistics } from '../../../operators/performance/trade-statistics.ts';
import type { BacktestFill, FundingPayment } from '../backtest-result.ts';
import type { TradeFigures } from './backtest-report.ts';

const LISTED_MAX = 10_000;
/** Shuffles of so many results in all take about a second; 100 orders say a median at least. */
const SHUFFLED_MAX = 20_000_000;
const [ORDERS_MIN, ORDERS_MAX] = [100, 2_000];

/** What the trades were; `pnls` are of all of them that were closed. */
export function tradeFigures(
  fills: readonly BacktestFill[],
  funding: readonly FundingPayment[],
  lastPrice: number,
  initial: number,
  uniform: Uniform,
): { readonly figures: TradeFigures; readonly pnls: readonly number[] } {
  const { closed, open } = roundTrips(fills, funding, lastPrice);
  const pnls = closed.map(({ pnl }) => pnl);
  const samples = Math.max(ORDERS_MIN, Math.min(ORDERS_MAX, Math.floor(SHUFFLED_MAX / Math.max(1, pnls.length))));
  const figures = {
    ...tradeStatistics(pnls),
    meanHoldingMs: meanHoldingMs(closed),
    open,
    order: tradeOrder(pnls, { initial, samples, uniform }),
    closed: closed.slice(0, LISTED_MAX),
    leftOut: Math.max(0, closed.length - LISTED_MAX),
  };
  return { figures, pnls };
}

function meanHoldingMs(trips: readonly RoundTrip[]): number | null {
  let [held, qty] = [0, 0];
  for (const trip of trips) {
    held += (trip.holdingMs ?? 0) * trip.qty;
    qty += trip.qty;
  }
  return qty > 0 ? held / qty : null;
}
