import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { bestLevels, bestTick, type Ladder, stepsAt } from '../book/ladder.ts';
import { type BookChange, concernsBook, createOrderBook, evolveOrderBook, type OrderBook } from '../book/order-book.ts';
import { ERROR_CODES, type ExchangeListener, type OrderRequest, type OrderSide, type RestingOrder } from './order.ts';
import type { QueueModel } from './queue-model.ts';
import { removeAt } from './remove-at.ts';

/** How the exchange is simulated. */
export interface ExchangeRules {
  readonly queue: QueueModel;
  /**
   * `partial`: an order gets what a trade has left behind those in front of it, and takes what levels hold. `whole`: an
   * order that is reached is filled as a whole, and one that takes gets all at the best price (hftbacktest's
   * NoPartialFillExchange).
   */
  readonly fills: 'partial' | 'whole';
  /** What the account has to say; every order may be placed where there is none. */
  readonly account?: ExchangeAccount;
}

/** The account as far as the exchange asks it. */
export interface ExchangeAccount {
  /**
   * Why an order that arrives is refused, as Binance's code; 0: it is not.
   * @param priceTicks its limit, or the best price of a market order
   */
  readonly refusal: (request: OrderRequest, priceTicks: number) => number;
  /** By how much an order of that side can make the position smaller. */
  readonly reducibleSteps: (side: OrderSide) => number;
}

/** What an exchange's own orders do against a recorded market, which they do not change. Plain data. */
export interface RecordedExchange {
  readonly book: OrderBook;
  /** Own orders, oldest first. */
  readonly orders: RestingOrder[];
  /** What own orders took of levels that have not been told anew: by tick, with the level's quantity then. */
  readonly taken: Map<number, TakenLevel>;
}

interface TakenLevel {
  readonly side: 'bid' | 'ask';
  readonly levelSteps: number;
  readonly takenSteps: number;
}

export function createRecordedExchange(): RecordedExchange {
  return { book: createOrderBook(), orders: [], taken: new Map() };
}

/** Levels looked at when an order takes; what lies beyond them is not there for it. */
const LEVELS_MAX = 1_000;
const levelTicks = new Float64Array(LEVELS_MAX);
const levelSteps = new Float64Array(LEVELS_MAX);

/**
 * Takes in a market event, in the order in which they happened at the exchange.
 * @param keepsDiffs as of `evolveOrderBook`
 * @returns what it did to the book; undefined where it is none of the book's
 */
export function exchangeEvent(
  exchange: RecordedExchange,
  rules: ExchangeRules,
  event: MarketEvent,
  listener: ExchangeListener,
  keepsDiffs = true,
): BookChange | undefined {
  if (event.type === 'trade') {
    if (exchange.orders.length > 0) onTrade(exchange, rules, event, listener);
    return undefined;
  }
  if (!concernsBook(event)) return undefined;
  const change = evolveOrderBook(exchange.book, event, keepsDiffs);
  if (exchange.orders.length > 0) onBook(exchange, rules, listener);
  return change;
}

/**
 * A trade at the price of an order brings it forward; what trades at a worse price has gone through it. What own orders get
 * of a trade those behind them do not.
 */
function onTrade(
  { orders }: RecordedExchange,
  rules: ExchangeRules,
  { priceTicks, qtySteps, aggressorSide }: Trade,
  listener: ExchangeListener,
): void {
  const { queue, fills } = rules;
  const side = aggressorSide === 'sell' ? 'buy' : 'sell';
  let left = qtySteps;
  for (let n = 0; n < orders.length; n++) {
    const order = orders[n]!;
    if (order.side !== side) continue;
    const better = side === 'buy' ? order.priceTicks - priceTicks : priceTicks - order.priceTicks;
    if (better < 0 || (better === 0 && Number.isNaN(order.levelSteps))) continue;
    let reached = order.leftSteps;
    if (better === 0) {
      queue.onTrade(order, left);
      reached = Math.min(Math.round(-order.frontSteps), order.leftSteps);
      if (reached <= 0) continue;
      order.frontSteps = 0;
      if (fills === 'whole') reached = order.leftSteps;
      left -= Math.min(left, reached);
    }
    if (fill(orders, n, rules, reached, better === 0 ? 'queue' : 'through', listener)) n--;
  }
}

/** Levels that have changed bring orders forward or back; one that the other side has come to was filled. */
function onBook({ book, orders }: RecordedExchange, rules: ExchangeRules, listener: ExchangeListener): void {
  if (book.invalidity !== null) {
    for (const order of orders) order.levelSteps = Number.NaN;
    return;
  }
  const bestBid = bestTick(book.bids);
  const bestAsk = bestTick(book.asks);
  for (let n = 0; n < orders.length; n++) {
    const order = orders[n]!;
    const isBuy = order.side === 'buy';
    if (isBuy ? bestAsk <= order.priceTicks : bestBid >= order.priceTicks) {
      fill(orders, n--, rules, order.leftSteps, 'through', listener);
      continue;
    }
    const now = stepsAt(isBuy ? book.bids : book.asks, order.priceTicks);
    if (now === order.levelSteps) continue;
    // What happened while the book was not known is not known: the order stands behind all that are there.
    if (Number.isNaN(order.levelSteps)) order.frontSteps = now;
    else rules.queue.onLevel(order, order.levelSteps, now);
    order.levelSteps = now;
  }
}

/** @returns whether it is gone: filled as a whole, or with nothing left that it could reduce */
function fill(
  orders: RestingOrder[],
  n: number,
  { account }: ExchangeRules,
  reachedSteps: number,
  kind: 'queue' | 'through',
  listener: ExchangeListener,
): boolean {
  const order = orders[n]!;
  const { side, isReduceOnly } = order;
  const mostSteps = isReduceOnly && account !== undefined ? account.reducibleSteps(side) : reachedSteps;
  const qtySteps = Math.min(reachedSteps, mostSteps);
  order.leftSteps -= qtySteps;
  const isLast = order.leftSteps === 0;
  const isGone = isLast || qtySteps < reachedSteps;
  if (isGone) removeAt(orders, n);
  if (qtySteps > 0) listener.onFill(order, order.priceTicks, qtySteps, kind, isLast);
  if (isGone && !isLast) listener.onEnd(order.orderId, 'EXPIRED', 0);
  return isGone;
}

/** An order has come to the exchange. */
export function placeOrder(
  exchange: RecordedExchange,
  rules: ExchangeRules,
  request: OrderRequest,
  listener: ExchangeListener,
): void {
  const { orderId, side, type, timeInForce } = request;
  const { book, orders } = exchange;
  const isBuy = side === 'buy';
  const isMarket = type === 'MARKET';
  const isKnown = book.invalidity === null;
  const opposite = isBuy ? book.asks : book.bids;
  const best = isKnown ? bestTick(opposite) : Number.NaN;
  const limit = isMarket ? (isBuy ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY) : request.priceTicks;
  const takes = isBuy ? best <= limit : best >= limit;
  const code = offGrid(request) || (rules.account?.refusal(request, isMarket ? best : request.priceTicks) ?? 0);
  if (code !== 0) {
    listener.onEnd(orderId, 'REJECTED', code);
    return;
  }
  const mostSteps = request.isReduceOnly ? (rules.account?.reducibleSteps(side) ?? request.qtySteps) : request.qtySteps;
  const qtySteps = Math.min(request.qtySteps, mostSteps);
  if (takes && timeInForce === 'GTX' && !isMarket) {
    listener.onEnd(orderId, 'EXPIRED', ERROR_CODES.postOnlyRejected);
    return;
  }
  if (isMarket && !takes) {
    listener.onEnd(orderId, 'EXPIRED', ERROR_CODES.unableToFill);
    return;
  }
  const isFillOrKill = !isMarket && timeInForce === 'FOK';
  if (isFillOrKill && !(takes && offered(exchange, rules, opposite, limit, qtySteps) >= qtySteps)) {
    listener.onEnd(orderId, 'EXPIRED', ERROR_CODES.fillOrKillRejected);
    return;
  }
  listener.onAccepted(orderId);
  const left = takes ? take(exchange, rules, request, qtySteps, opposite, limit, listener) : qtySteps;
  if (left === 0) return;
  if (isMarket || timeInForce === 'IOC') {
    listener.onEnd(orderId, 'EXPIRED', 0);
    return;
  }
  const level = isKnown ? stepsAt(isBuy ? book.bids : book.asks, request.priceTicks) : Number.NaN;
  orders.push({
    orderId,
    side,
    isReduceOnly: request.isReduceOnly,
    priceTicks: request.priceTicks,
    leftSteps: left,
    frontSteps: level,
    tradedSteps: 0,
    levelSteps: level,
  });
  listener.onRest?.(orderId, request.priceTicks, left);
}

/** Code of what cannot be on the instrument's grid; 0: it can. */
function offGrid({ type, priceTicks, qtySteps }: OrderRequest): number {
  if (!(qtySteps > 0)) return ERROR_CODES.qtyTooSmall;
  if (!Number.isSafeInteger(qtySteps)) return ERROR_CODES.qtyOffGrid;
  const isPrice = Number.isSafeInteger(priceTicks) && priceTicks > 0;
  return type === 'LIMIT' && !isPrice ? ERROR_CODES.priceOffGrid : 0;
}

/** What is offered up to the limit, as far as own orders have not taken it. */
function offered(
  exchange: RecordedExchange,
  { fills }: ExchangeRules,
  opposite: Ladder,
  limit: number,
  qtySteps: number,
): number {
  if (fills === 'whole') return qtySteps;
  const levels = bestLevels(opposite, LEVELS_MAX, levelTicks, levelSteps);
  let sum = 0;
  for (let n = 0; n < levels && sum < qtySteps; n++) {
    if (opposite.side === 'ask' ? levelTicks[n]! > limit : levelTicks[n]! < limit) break;
    sum += leftAt(exchange, opposite.side, levelTicks[n]!, levelSteps[n]!);
  }
  return sum;
}

/** @returns what is left of the order */
function take(
  exchange: RecordedExchange,
  { fills }: ExchangeRules,
  request: OrderRequest,
  qtySteps: number,
  opposite: Ladder,
  limit: number,
  listener: ExchangeListener,
): number {
  if (fills === 'whole') {
    listener.onFill(request, bestTick(opposite), qtySteps, 'taker', true);
    return 0;
  }
  const levels = bestLevels(opposite, LEVELS_MAX, levelTicks, levelSteps);
  let left = qtySteps;
  for (let n = 0; n < levels && left > 0; n++) {
    const tick = levelTicks[n]!;
    if (opposite.side === 'ask' ? tick > limit : tick < limit) break;
    const there = leftAt(exchange, opposite.side, tick, levelSteps[n]!);
    const taken = Math.min(there, left);
    if (taken === 0) continue;
    left -= taken;
    noteTaken(exchange, opposite.side, tick, levelSteps[n]!, taken);
    listener.onFill(request, tick, taken, 'taker', left === 0);
  }
  return left;
}

/** A level is what was told of it, less what own orders took since. */
function leftAt({ taken }: RecordedExchange, side: 'bid' | 'ask', tick: number, steps: number): number {
  const before = taken.get(tick);
  return before !== undefined && before.side === side && before.levelSteps === steps
    ? Math.max(0, steps - before.takenSteps)
    : steps;
}

function noteTaken(exchange: RecordedExchange, side: 'bid' | 'ask', tick: number, steps: number, more: number): void {
  const before = steps - leftAt(exchange, side, tick, steps);
  exchange.taken.set(tick, { side, levelSteps: steps, takenSteps: before + more });
}

/** The exchange takes all orders away, as before a liquidation. */
export function cancelAllOrders({ orders }: RecordedExchange, listener: ExchangeListener): void {
  for (const { orderId } of orders.splice(0)) listener.onEnd(orderId, 'CANCELED', 0);
}

/** A cancellation has come to the exchange. */
export function cancelOrder({ orders }: RecordedExchange, orderId: number, listener: ExchangeListener): void {
  for (let n = 0; n < orders.length; n++) {
    if (orders[n]!.orderId !== orderId) continue;
    removeAt(orders, n);
    listener.onEnd(orderId, 'CANCELED', 0);
    return;
  }
  listener.onUnknown(orderId, ERROR_CODES.cancelRejected);
}
