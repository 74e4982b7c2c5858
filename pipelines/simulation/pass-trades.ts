import type { RecordedExchange } from '../../operators/matching/recorded-exchange.ts';
import type { ExchangeOrder } from './exchange-order.ts';

/**
 * Prices between which, both included, a trade that reaches no own order does no more to the account than value it: of several
 * in a row only the last is told then. Set by who knows the account, and voided with each fill.
 */
export interface QuietPrices {
  lowTicks: number;
  highTicks: number;
}

/** Nobody is told of trades at all. */
export const ALL_QUIET: QuietPrices = { lowTicks: Number.NEGATIVE_INFINITY, highTicks: Number.POSITIVE_INFINITY };

/** No trade is quiet. */
export function voidQuiet(quiet: QuietPrices): void {
  quiet.lowTicks = Number.POSITIVE_INFINITY;
  quiet.highTicks = Number.NEGATIVE_INFINITY;
}

/** Passes over quiet trades up to then that reach no own order. @returns whether one that the book matched was among them */
export function passTrades(
  { conditional, orders }: RecordedExchange,
  exchangeOrder: ExchangeOrder,
  quiet: QuietPrices,
  untilUs: number,
): boolean {
  if (conditional.waiting.length > 0) return false;
  let [buyTicks, sellTicks] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let n = 0; n < orders.length; n++) {
    const { side, priceTicks } = orders[n]!;
    if (side === 'buy') buyTicks = Math.max(buyTicks, priceTicks);
    else sellTicks = Math.min(sellTicks, priceTicks);
  }
  const lastTicks = exchangeOrder.passTrades(untilUs, buyTicks, sellTicks, quiet);
  if (Number.isNaN(lastTicks)) return false;
  conditional.lastTicks = lastTicks;
  return exchangeOrder.passedIndex >= 0;
}
