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
  /** Asked before a fill; every maker trades where there is none. */
  readonly onMeet?: (maker: RestingOrder) => Meeting;
}

/** What becomes of two orders that meet: those of one account are kept from trading with each other. */
export type Meeting = 'trade' | 'expire-maker' | 'expire-taker' | 'expire-both';

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

/** What has been taken, and whether a meeting ended the order that takes. */
interface Taking {
  filledSteps: number;
  isExpired: boolean;
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
  const { filledSteps, isExpired } = takeFrom(book, opposite, order.qtySteps, order.priceTicks, listener);
  const restSteps = order.qtySteps - filledSteps;
  if (restSteps === 0 || isExpired || order.timeInForce === 'IOC') return { filledSteps, restingSteps: 0 };
  const level = addOrder(book, order.id, order.side, order.priceTicks, restSteps);
  listener.onLevel(order.side, order.priceTicks, level.qtySteps);
  return { filledSteps, restingSteps: restSteps };
}

/** A market order: takes the best prices until it is filled or the side is empty; the rest is dropped. */
export function placeMarket(book: OrderBook, side: Side, qtySteps: number, listener: MatchingListener): OrderOutcome {
  requirePositiveInteger('qtySteps', qtySteps);
  const opposite = side === 'bid' ? book.asks : book.bids;
  return { filledSteps: takeFrom(book, opposite, qtySteps, undefined, listener).filledSteps, restingSteps: 0 };
}

/** What an order could take at once up to its limit, counted no farther than `atMostSteps`. */
export function offeredSteps(
  book: OrderBook,
  side: Side,
  limitTicks: number | undefined,
  atMostSteps: number,
  counts: (maker: RestingOrder) => boolean,
): number {
  const opposite = side === 'bid' ? book.asks : book.bids;
  let offered = 0;
  for (let i = opposite.prices.length - 1; i >= 0 && offered < atMostSteps; i--) {
    const priceTicks = opposite.prices[i] as number;
    if (limitTicks !== undefined && !crosses(opposite.side, priceTicks, limitTicks)) break;
    for (let maker = opposite.levels.get(priceTicks)?.first; maker !== undefined; maker = maker.next) {
      if (counts(maker)) offered += maker.qtySteps;
    }
  }
  return Math.min(offered, atMostSteps);
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
): Taking {
  const taking: Taking = { filledSteps: 0, isExpired: false };
  for (let level = bestLevel(opposite); level !== undefined; level = bestLevel(opposite)) {
    if (taking.filledSteps === qtySteps || taking.isExpired) break;
    if (limitTicks !== undefined && !crosses(opposite.side, level.priceTicks, limitTicks)) break;
    takeLevel(book, level, qtySteps, opposite.side === 'ask' ? 'bid' : 'ask', listener, taking);
    listener.onLevel(opposite.side, level.priceTicks, level.qtySteps);
  }
  return taking;
}

function takeLevel(
  book: OrderBook,
  level: PriceLevel,
  qtySteps: number,
  aggressor: Side,
  listener: MatchingListener,
  taking: Taking,
): void {
  for (let maker = level.first; maker !== undefined && taking.filledSteps < qtySteps; maker = level.first) {
    const meeting = listener.onMeet?.(maker) ?? 'trade';
    if (meeting === 'trade') {
      const fillSteps = Math.min(qtySteps - taking.filledSteps, maker.qtySteps);
      listener.onFill(maker, fillSteps, aggressor);
      reduceOrder(book, maker, fillSteps);
      taking.filledSteps += fillSteps;
      continue;
    }
    if (meeting !== 'expire-taker') reduceOrder(book, maker, maker.qtySteps);
    if (meeting === 'expire-maker') continue;
    taking.isExpired = true;
    return;
  }
}

function requirePositiveInteger(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new RangeError(`${name}: must be a positive integer, was ${value}`);
}
