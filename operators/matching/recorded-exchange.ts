import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { InstrumentFilters } from '../../streams/events/instrument-filters.ts';
import type { Scale } from '../../streams/events/scale.ts';
import type { Trade } from '../../streams/events/trade.ts';
import type { PositionMode, PositionSide } from '../account/account-event.ts';
import { bestTick, stepsAt } from '../book/ladder.ts';
import { type BookChange, concernsBook, createOrderBook, evolveOrderBook, type OrderBook } from '../book/order-book.ts';
import type { ConditionalRequest, WorkingType } from './conditional-order.ts';
import {
  type ConditionalOrders,
  type ConditionalRules,
  cancelAllConditional,
  cancelConditional,
  createConditionalOrders,
  expireClosing,
  placeConditional,
  triggerConditional,
} from './conditional-orders.ts';
import { ERROR_CODES } from './error-codes.ts';
import type { ExchangeListener, OrderEnd, OrderRequest, OrderSide, RestingOrder } from './order.ts';
import { placeOrder, positionSideRefusal } from './place-order.ts';
import type { QueueModel } from './queue-model.ts';
import { removeAt } from './remove-at.ts';
import { restoreTold, type TakenLevel } from './take-liquidity.ts';
import { tellsLevel } from './told-levels.ts';

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
  /** One-way where it is not said. */
  readonly positionMode?: PositionMode;
}

/** The account as far as the exchange asks it. */
export interface ExchangeAccount {
  /**
   * Why an order that arrives is refused, as Binance's code; 0: it is not.
   * @param priceTicks its limit, or the best price of a market order
   */
  readonly refusal: (request: OrderRequest, priceTicks: number) => number;
  /** By how much an order of that side can make its position smaller. */
  readonly reducibleSteps: (side: OrderSide, positionSide: PositionSide) => number;
}

/** What an exchange's own orders do against a recorded market, which they do not change. Plain data. */
export interface RecordedExchange {
  readonly book: OrderBook;
  /** Own orders, oldest first. */
  readonly orders: RestingOrder[];
  /** What own orders took of levels that have not been told anew, by tick. */
  readonly taken: Map<number, TakenLevel>;
  /** Own orders that wait for a price. */
  readonly conditional: ConditionalOrders;
  /** What the instrument asks of orders; null: nothing, as far as was told. */
  filters: InstrumentFilters | null;
  /** Price of a tick; NaN: not known. */
  tickSize: number;
}

/** @param scale of the instrument; that of its first `instrument` event where not said */
export function createRecordedExchange(scale?: Scale): RecordedExchange {
  return {
    book: createOrderBook(),
    orders: [],
    taken: new Map(),
    conditional: createConditionalOrders(),
    filters: null,
    tickSize: scale?.price.toNumber(1) ?? Number.NaN,
  };
}

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
  const { conditional } = exchange;
  if (event.type === 'trade') {
    if (exchange.orders.length > 0) onTrade(exchange, rules, event, listener);
    conditional.lastTicks = event.priceTicks;
    if (conditional.waiting.length > 0) onPrice(exchange, rules, 'CONTRACT_PRICE', listener);
    return undefined;
  }
  if (!concernsBook(event)) {
    if (event.type !== 'markPrice') return undefined;
    // Off the grid, but not by the last bit of a quotient.
    conditional.markTicks = Math.round((event.markPrice / exchange.tickSize) * 1e6) / 1e6;
    if (conditional.waiting.length > 0) onPrice(exchange, rules, 'MARK_PRICE', listener);
    return undefined;
  }
  if (event.type === 'instrument') {
    exchange.filters = event.filters ?? null;
    exchange.tickSize = event.scale.price.toNumber(1);
  }
  const change = evolveOrderBook(exchange.book, event, keepsDiffs);
  if (exchange.taken.size > 0) restoreTold(exchange, event, change);
  if (exchange.orders.length > 0) {
    onBook(exchange, rules, event, change, listener);
    settle(exchange, rules, listener);
  }
  return change;
}

/** A price has been said: what waits for it is triggered, after the trade has filled what rests. */
function onPrice(
  exchange: RecordedExchange,
  rules: ExchangeRules,
  workingType: WorkingType,
  listener: ExchangeListener,
): void {
  const place = (order: OrderRequest): void => placeOrder(exchange, rules, order, listener);
  triggerConditional(exchange.conditional, conditionalRules(exchange, rules, place), workingType, listener);
  settle(exchange, rules, listener);
}

function conditionalRules(
  { filters }: RecordedExchange,
  { account }: ExchangeRules,
  place: ConditionalRules['place'],
): ConditionalRules {
  return {
    reducibleSteps: (side, positionSide) => account?.reducibleSteps(side, positionSide) ?? 0,
    triggerProtect: filters?.triggerProtect ?? Number.POSITIVE_INFINITY,
    place,
  };
}

/** The position may have changed by fills: conditional orders that close one that is gone expire. */
export function settle(exchange: RecordedExchange, rules: ExchangeRules, listener: ExchangeListener): void {
  if (exchange.conditional.waiting.length === 0) return;
  expireClosing(
    exchange.conditional,
    conditionalRules(exchange, rules, () => {}),
    listener,
  );
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
function onBook(
  { book, orders }: RecordedExchange,
  rules: ExchangeRules,
  event: MarketEvent,
  change: BookChange,
  listener: ExchangeListener,
): void {
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
    if (now === order.levelSteps) {
      // Told with the same quantity: what traded since was joined by as much.
      const side = isBuy ? 'bid' : 'ask';
      if (order.tradedSteps === 0 || !tellsLevel(event, change, side, order.priceTicks)) continue;
    }
    // What happened while the book was not known is not known: the order stands behind all that are there.
    if (Number.isNaN(order.levelSteps)) {
      order.frontSteps = now;
      order.tradedSteps = 0;
    } else rules.queue.onLevel(order, order.levelSteps, now);
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
  const { side, positionSide, isReduceOnly } = order;
  const mostSteps = isReduceOnly && account !== undefined ? account.reducibleSteps(side, positionSide) : reachedSteps;
  const qtySteps = Math.min(reachedSteps, mostSteps);
  order.leftSteps -= qtySteps;
  order.filledSteps += qtySteps;
  const isLast = order.leftSteps === 0;
  const isGone = isLast || qtySteps < reachedSteps;
  if (isGone) removeAt(orders, n);
  if (qtySteps > 0) listener.onFill(order, order.priceTicks, qtySteps, kind, isLast);
  if (isGone && !isLast) listener.onEnd(order.orderId, 'EXPIRED', 0);
  return isGone;
}

/** A conditional order has come to the exchange. */
export function placeConditionalOrder(
  exchange: RecordedExchange,
  rules: ExchangeRules,
  request: ConditionalRequest,
  listener: ExchangeListener,
): void {
  const code = positionSideRefusal(rules, request.positionSide, request.isReduceOnly);
  if (code !== 0) listener.onEnd(request.orderId, 'REJECTED', code);
  else
    placeConditional(
      exchange.conditional,
      conditionalRules(exchange, rules, () => {}),
      request,
      listener,
    );
}

/** The exchange takes all orders away, as before a liquidation. */
export function cancelAllOrders({ orders, conditional }: RecordedExchange, listener: ExchangeListener): void {
  for (const { orderId } of orders.splice(0)) listener.onEnd(orderId, 'CANCELED', 0);
  cancelAllConditional(conditional, listener);
}

/** A cancellation has come to the exchange, of an order that rests or waits. */
export function cancelOrder(exchange: RecordedExchange, orderId: number, listener: ExchangeListener): void {
  if (endOrder(exchange, orderId, 'CANCELED', listener)) return;
  if (!cancelConditional(exchange.conditional, orderId, listener))
    listener.onUnknown(orderId, ERROR_CODES.cancelRejected);
}

/** Takes an order out of the book, as where its time is over. @returns whether it was there */
export function endOrder(
  { orders }: RecordedExchange,
  orderId: number,
  end: OrderEnd,
  listener: ExchangeListener,
): boolean {
  for (let n = 0; n < orders.length; n++) {
    if (orders[n]!.orderId !== orderId) continue;
    removeAt(orders, n);
    listener.onEnd(orderId, end, 0);
    return true;
  }
  return false;
}
