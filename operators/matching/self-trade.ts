import type { ExchangeListener, OrderRequest, RestingOrder } from './order.ts';
import { removeAt } from './remove-at.ts';

/**
 * An order that takes has come to a price: own orders on the other side that stand there, or before it, end as its mode says.
 * The mode of those does not matter. Where it says nothing (NONE) own orders do not meet here at all.
 * @param ticks how far it has come; own orders count as standing before all others of their price
 * @returns whether the order that takes is to end, too
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/faq/stp-faq
 */
export function preventSelfTrade(
  orders: RestingOrder[],
  { side, selfTrade = 'NONE' }: Pick<OrderRequest, 'side' | 'selfTrade'>,
  ticks: number,
  listener: ExchangeListener,
): boolean {
  if (selfTrade === 'NONE') return false;
  for (;;) {
    const at = bestMet(orders, side, ticks);
    if (at < 0) return false;
    if (selfTrade === 'EXPIRE_TAKER') return true;
    const { orderId } = orders[at]!;
    removeAt(orders, at);
    listener.onEnd(orderId, 'EXPIRED_IN_MATCH', 0);
    if (selfTrade === 'EXPIRE_BOTH') return true;
  }
}

/** Whether self-trade prevention is looked at: not for orders that take nothing, or all at once. */
export function mayMeetOwn({ type, timeInForce, selfTrade = 'NONE' }: OrderRequest): boolean {
  if (selfTrade === 'NONE') return false;
  return type === 'MARKET' || timeInForce === 'GTC' || timeInForce === 'IOC' || timeInForce === 'GTD';
}

/** The one that is met first: of the best price, the oldest; −1: none is. */
function bestMet(orders: readonly RestingOrder[], takerSide: OrderRequest['side'], ticks: number): number {
  let best = -1;
  for (let n = 0; n < orders.length; n++) {
    const { side, priceTicks } = orders[n]!;
    if (side === takerSide || (takerSide === 'buy' ? priceTicks > ticks : priceTicks < ticks)) continue;
    const bestTicks = best < 0 ? Number.NaN : orders[best]!.priceTicks;
    if (best < 0 || (takerSide === 'buy' ? priceTicks < bestTicks : priceTicks > bestTicks)) best = n;
  }
  return best;
}
