export type Side = 'bid' | 'ask';

/** An order that waits in the book; a node of its price level's queue, oldest first. */
export interface RestingOrder {
  readonly id: number;
  readonly side: Side;
  readonly priceTicks: number;
  qtySteps: number;
  previous: RestingOrder | undefined;
  next: RestingOrder | undefined;
}

/** All orders at one price, in order of arrival. `qtySteps` is their sum. */
export interface PriceLevel {
  readonly priceTicks: number;
  qtySteps: number;
  first: RestingOrder | undefined;
  last: RestingOrder | undefined;
}

export interface BookSide {
  readonly side: Side;
  /** Prices that have a level, worst first, so that the best is the last. */
  readonly prices: number[];
  readonly levels: Map<number, PriceLevel>;
  orderCount: number;
}

export interface OrderBook {
  readonly bids: BookSide;
  readonly asks: BookSide;
  readonly orders: Map<number, RestingOrder>;
}

export function emptyOrderBook(): OrderBook {
  return { bids: emptySide('bid'), asks: emptySide('ask'), orders: new Map() };
}

function emptySide(side: Side): BookSide {
  return { side, prices: [], levels: new Map(), orderCount: 0 };
}

/** The best level of a side, or undefined when the side is empty. */
export function bestLevel(side: BookSide): PriceLevel | undefined {
  const price = side.prices.at(-1);
  return price === undefined ? undefined : side.levels.get(price);
}

/** The best `count` levels of a side, best first. */
export function topLevels(side: BookSide, count: number): PriceLevel[] {
  const levels: PriceLevel[] = [];
  for (let i = side.prices.length - 1; i >= 0 && levels.length < count; i--) {
    const level = side.levels.get(side.prices[i] as number);
    if (level !== undefined) levels.push(level);
  }
  return levels;
}

/** True when an order of the other side at `priceTicks` would meet this level. */
export function crosses(side: Side, levelTicks: number, priceTicks: number): boolean {
  return side === 'ask' ? priceTicks >= levelTicks : priceTicks <= levelTicks;
}

/** Puts an order at the end of its level's queue. */
export function addOrder(book: OrderBook, id: number, side: Side, priceTicks: number, qtySteps: number): PriceLevel {
  const half = side === 'bid' ? book.bids : book.asks;
  let level = half.levels.get(priceTicks);
  if (level === undefined) {
    level = { priceTicks, qtySteps: 0, first: undefined, last: undefined };
    half.levels.set(priceTicks, level);
    half.prices.splice(insertionIndex(half, priceTicks), 0, priceTicks);
  }
  const order: RestingOrder = { id, side, priceTicks, qtySteps, previous: level.last, next: undefined };
  if (level.last === undefined) level.first = order;
  else level.last.next = order;
  level.last = order;
  level.qtySteps += qtySteps;
  half.orderCount++;
  book.orders.set(id, order);
  return level;
}

/** Takes `qtySteps` from an order; an order of nothing leaves its queue, a level of nothing the book. */
export function reduceOrder(book: OrderBook, order: RestingOrder, qtySteps: number): void {
  const half = order.side === 'bid' ? book.bids : book.asks;
  const level = half.levels.get(order.priceTicks) as PriceLevel;
  order.qtySteps -= qtySteps;
  level.qtySteps -= qtySteps;
  if (order.qtySteps > 0) return;
  if (order.previous === undefined) level.first = order.next;
  else order.previous.next = order.next;
  if (order.next === undefined) level.last = order.previous;
  else order.next.previous = order.previous;
  half.orderCount--;
  book.orders.delete(order.id);
  if (level.first !== undefined) return;
  half.levels.delete(order.priceTicks);
  half.prices.splice(insertionIndex(half, order.priceTicks), 1);
}

/** Index of `priceTicks` in `prices`, or where it belongs. */
function insertionIndex(half: BookSide, priceTicks: number): number {
  const { prices } = half;
  const sign = half.side === 'bid' ? 1 : -1;
  let low = 0;
  let high = prices.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sign * ((prices[middle] as number) - priceTicks) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
