import {
  addOrder,
  type BookSide,
  bestLevel,
  crosses,
  type OrderBook,
  type PriceLevel,
  type RestingOrder,
  reduceOrder,
  type Side,
} from './order-book.ts';

/** Hears what an order did, in the order in which it did it. */
export interface MatchingListener {
  /** `aggressor` is the side that crossed the spread; `maker` still has the quantity it had before this fill. */
  readonly onFill: (maker: RestingOrder, qtySteps: number, aggressor: Side) => void;
  /** The total at a price has changed; 0 removes the level. Called once a level an action. */
  readonly onLevel: (side: Side, priceTicks: number, qtySteps: number) => void;
}

export interface LimitOrder {
  readonly id: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly qtySteps: number;
  /** GTC rests what is not filled, IOC drops it, GTX (post only) is refused when it would fill at once. */
  readonly timeInForce: 'GTC' | 'IOC' | 'GTX';
}

/** What became of an order's quantity: filled + resting + dropped = asked. */
export interface OrderOutcome {
  readonly filledSteps: number;
  readonly restingSteps: number;
}

/**
 * A limit order under price-time priority: it meets the best price first, and at a price the oldest order first, at the maker's price.
 *
 * @throws RangeError when the quantity or price is not a positive integer, or the id is in the book already.
 */
export function placeLimit(book: OrderBook, order: LimitOrder, listener: MatchingListener): OrderOutcome {
  requirePositiveInteger('priceTicks', order.priceTicks);
  requirePositiveInteger('qtySteps', order.qtySteps);
  if (book.orders.has(order.id))
    throw new RangeError(`id: must be new to the book, was ${order.id} of a resting order`);
  const opposite = order.side === 'bid' ? book.asks : book.bids;
  if (order.timeInForce === 'GTX') {
    const best = bestLevel(opposite);
    if (best !== undefined && crosses(opposite.side, best.priceTicks, order.priceTicks)) {
      return { filledSteps: 0, restingSteps: 0 };
    }
  }
  const filledSteps = takeFrom(book, opposite, order.qtySteps, order.priceTicks, listener);
  const restSteps = order.qtySteps - filledSteps;
  if (restSteps === 0 || order.timeInForce === 'IOC') return { filledSteps, restingSteps: 0 };
  const level = addOrder(book, order.id, order.side, order.priceTicks, restSteps);
  listener.onLevel(order.side, order.priceTicks, level.qtySteps);
  return { filledSteps, restingSteps: restSteps };
}

/** A market order: takes the best prices until it is filled or the side is empty; the rest is dropped. */
export function placeMarket(book: OrderBook, side: Side, qtySteps: number, listener: MatchingListener): OrderOutcome {
  requirePositiveInteger('qtySteps', qtySteps);
  const opposite = side === 'bid' ? book.asks : book.bids;
  return { filledSteps: takeFrom(book, opposite, qtySteps, undefined, listener), restingSteps: 0 };
}

/** Takes an order out of the book; false when it is not there (filled or cancelled before). */
export function cancelOrder(book: OrderBook, id: number, listener: MatchingListener): boolean {
  const order = book.orders.get(id);
  if (order === undefined) return false;
  reduceOrder(book, order, order.qtySteps);
  const half = order.side === 'bid' ? book.bids : book.asks;
  listener.onLevel(order.side, order.priceTicks, half.levels.get(order.priceTicks)?.qtySteps ?? 0);
  return true;
}

function takeFrom(
  book: OrderBook,
  opposite: BookSide,
  qtySteps: number,
  limitTicks: number | undefined,
  listener: MatchingListener,
): number {
  let left = qtySteps;
  for (let level = bestLevel(opposite); level !== undefined && left > 0; level = bestLevel(opposite)) {
    if (limitTicks !== undefined && !crosses(opposite.side, level.priceTicks, limitTicks)) break;
    left -= takeLevel(book, level, left, opposite.side === 'ask' ? 'bid' : 'ask', listener);
    listener.onLevel(opposite.side, level.priceTicks, level.qtySteps);
  }
  return qtySteps - left;
}

function takeLevel(
  book: OrderBook,
  level: PriceLevel,
  qtySteps: number,
  aggressor: Side,
  listener: MatchingListener,
): number {
  let left = qtySteps;
  for (let maker = level.first; maker !== undefined && left > 0; maker = level.first) {
    const fillSteps = Math.min(left, maker.qtySteps);
    listener.onFill(maker, fillSteps, aggressor);
    reduceOrder(book, maker, fillSteps);
    left -= fillSteps;
  }
  return qtySteps - left;
}

function requirePositiveInteger(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new RangeError(`${name}: must be a positive integer, was ${value}`);
}
