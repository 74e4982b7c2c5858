import type { OrderSide } from '../../operators/matching/order.ts';
import type { Market, OwnOrder } from '../simulation/strategy.ts';

const POST_ONLY = { timeInForce: 'GTX' } as const;

/** Steps that own orders of a side may still trade. */
export function openSteps(orders: readonly OwnOrder[], side: OrderSide): number {
  let steps = 0;
  for (let n = 0; n < orders.length; n++) if (orders[n]!.side === side) steps += orders[n]!.leftSteps;
  return steps;
}

/** The oldest own limit order of a side. */
export function quoteOf(orders: readonly OwnOrder[], side: OrderSide): OwnOrder | undefined {
  for (let n = 0; n < orders.length; n++) if (orders[n]!.side === side) return orders[n];
  return undefined;
}

/**
 * Maintains the one post-only order of a side. One that stands at the price that is wanted, and is not too large, stays, for its
 * place in the queue; else it is changed, as no two of them may be there at once. One whose answer is under way is left alone.
 * @param qtySteps 0: there is to be none
 */
export function quote(market: Market, side: OrderSide, priceTicks: number, qtySteps: number): void {
  const order = quoteOf(market.orders, side);
  if (order === undefined) {
    if (qtySteps > 0) market.placeLimit(side, priceTicks, qtySteps, POST_ONLY);
  } else if (order.state !== 'open') return;
  else if (qtySteps === 0) market.cancel(order.orderId);
  else if (order.priceTicks !== priceTicks || order.leftSteps > qtySteps)
    market.amend(order.orderId, { priceTicks, qtySteps: order.qtySteps - order.leftSteps + qtySteps });
}
