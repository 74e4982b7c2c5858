import type { InstrumentFilters } from '../../streams/events/instrument-filters.ts';
import { ERROR_CODES } from './error-codes.ts';
import type { OrderRequest } from './order.ts';

/** An order as far as the instrument's filters look at it. */
export type FilteredOrder = Pick<OrderRequest, 'side' | 'type' | 'priceTicks' | 'qtySteps'> & {
  /** May only make a position smaller: the least notional is not asked of it. */
  readonly isReducing: boolean;
};

/**
 * Code of the first of an instrument's filters that an order breaks; 0: none. What is not known (NaN) is not looked at.
 * @param markTicks the mark price, by which prices are judged, and a market order's notional
 * @param bestTicks best price on the other side
 * @param resting own orders in the book
 */
export function filterRefusal(
  filters: InstrumentFilters,
  order: FilteredOrder,
  markTicks: number,
  bestTicks: number,
  resting: number,
): number {
  const isMarket = order.type === 'MARKET';
  const code = qtyRefusal(filters, isMarket, order.qtySteps);
  if (code !== 0) return code;
  const { minPriceTicks, maxPriceTicks, minNotionalTickSteps, maxOrders } = filters;
  const { priceTicks, qtySteps } = order;
  if (!isMarket && minPriceTicks !== null && priceTicks < minPriceTicks) return ERROR_CODES.priceBelowLeast;
  if (!isMarket && maxPriceTicks !== null && priceTicks > maxPriceTicks) return ERROR_CODES.priceAboveMost;
  const off = multiplierRefusal(filters, order.side, isMarket ? bestTicks : priceTicks, markTicks);
  if (off !== 0) return isMarket ? ERROR_CODES.marketOrderRejected : off;
  const notional = (isMarket ? markTicks : priceTicks) * qtySteps;
  if (!order.isReducing && minNotionalTickSteps !== null && notional < minNotionalTickSteps)
    return ERROR_CODES.minNotional;
  return !isMarket && maxOrders !== null && resting >= maxOrders ? ERROR_CODES.tooManyOrders : 0;
}

function qtyRefusal(filters: InstrumentFilters, isMarket: boolean, qtySteps: number): number {
  const least = isMarket ? filters.marketMinQtySteps : filters.minQtySteps;
  const most = isMarket ? filters.marketMaxQtySteps : filters.maxQtySteps;
  if (least !== null && qtySteps < least) return ERROR_CODES.qtyBelowLeast;
  return most !== null && qtySteps > most ? ERROR_CODES.qtyAboveMost : 0;
}

function multiplierRefusal(
  { multiplierUp, multiplierDown }: InstrumentFilters,
  side: OrderRequest['side'],
  ticks: number,
  markTicks: number,
): number {
  if (side === 'buy' && multiplierUp !== null && ticks > markTicks * multiplierUp)
    return ERROR_CODES.priceAboveMultiplier;
  return side === 'sell' && multiplierDown !== null && ticks < markTicks * multiplierDown
    ? ERROR_CODES.priceBelowMultiplier
    : 0;
}

/** The worst price that a market order may trade at, in ticks; ±Infinity: any. */
export function marketBound(filters: InstrumentFilters | null, side: OrderRequest['side'], markTicks: number): number {
  const part = filters === null || Number.isNaN(markTicks) ? null : filters.marketTakeBound;
  const isBuy = side === 'buy';
  if (part === null) return isBuy ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return isBuy ? markTicks * (1 + part) : markTicks * (1 - part);
}
