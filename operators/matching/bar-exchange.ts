import type { ConditionalRequest } from './conditional-order.ts';
import {
  type ConditionalOrders,
  type ConditionalRules,
  cancelAllConditional,
  cancelConditional,
  createConditionalOrders,
  expireClosing,
  placeConditional,
} from './conditional-orders.ts';
import { ERROR_CODES } from './error-codes.ts';
import type { ExchangeListener, OrderRequest, OrderSide } from './order.ts';
import type { ExchangeAccount } from './recorded-exchange.ts';
import { removeAt } from './remove-at.ts';

/** What candles do not tell, and is assumed. */
export interface BarAssumptions {
  /** Between best bid and best ask, ticks; their middle is the candle's price. */
  readonly spreadTicks: number;
  /** How much worse than the best price an order that takes is filled, basis points. */
  readonly slippageBps: number;
  /** Part of a candle's volume that own orders may get, above 0 and at most 1. */
  readonly volumeShare: number;
}

export interface BarRules {
  readonly assumptions: BarAssumptions;
  /** What the account has to say; every order may be placed where there is none. */
  readonly account?: Pick<ExchangeAccount, 'refusal'>;
}

/** A limit order that rests while candles pass. Plain data. */
export interface BarOrder {
  readonly orderId: number;
  readonly side: OrderSide;
  readonly isReduceOnly: boolean;
  readonly priceTicks: number;
  /** What is left of it. */
  leftSteps: number;
}

/** What an exchange's own orders do against candles, which they do not change. Plain data. */
export interface BarExchange {
  /** Own orders, oldest first. */
  readonly orders: BarOrder[];
  /** Own orders that wait for a price. The last price is their mark price, too. */
  readonly conditional: ConditionalOrders;
  /** Negative: short. */
  positionSteps: number;
  /** What own orders may still get of the candle's volume. */
  volumeSteps: number;
}

/** Invalid time in force. */
const INVALID_TIME_IN_FORCE = -1115;

export function createBarExchange(): BarExchange {
  return { orders: [], conditional: createConditionalOrders(), positionSteps: 0, volumeSteps: 0 };
}

/** A candle begins. @param volume steps that are traded in it; NaN: not known, so that it bounds nothing */
export function beginBar(exchange: BarExchange, { assumptions }: BarRules, volume: number): void {
  exchange.volumeSteps = Number.isNaN(volume)
    ? Number.POSITIVE_INFINITY
    : Math.floor(volume * assumptions.volumeShare + 1e-9);
}

/** Best prices about a price, in ticks; on the side that an order takes from, before slippage. */
export function bestTicks({ spreadTicks }: BarAssumptions, side: OrderSide, ticks: number): number {
  return side === 'buy' ? ticks + spreadTicks / 2 : ticks - spreadTicks / 2;
}

/** What an order that takes is filled at: the price worsened by half a spread and the slippage, on the grid, not below a tick. */
export function takerTicks(assumptions: BarAssumptions, side: OrderSide, ticks: number): number {
  const slippage = (ticks * assumptions.slippageBps) / 10_000;
  const best = bestTicks(assumptions, side, ticks);
  return side === 'buy' ? Math.ceil(best + slippage) : Math.max(1, Math.floor(best - slippage));
}

/**
 * An order has come to the exchange, or a conditional one has become it.
 * @param ticks the price then: a candle's open, or what triggered it
 */
export function placeBarOrder(
  exchange: BarExchange,
  rules: BarRules,
  request: OrderRequest,
  ticks: number,
  listener: ExchangeListener,
): void {
  const { orderId, side, type, timeInForce, priceTicks, isReduceOnly } = request;
  const isMarket = type === 'MARKET';
  const isBuy = side === 'buy';
  const worsened = takerTicks(rules.assumptions, side, ticks);
  const code = malformed(request) || (rules.account?.refusal(request, isMarket ? worsened : priceTicks) ?? 0);
  const most = isReduceOnly ? reducible(exchange.positionSteps, side) : request.qtySteps;
  if (code !== 0 || most === 0) {
    listener.onEnd(orderId, 'REJECTED', code || ERROR_CODES.reduceOnlyRejected);
    return;
  }
  const qtySteps = Math.min(request.qtySteps, most);
  const best = bestTicks(rules.assumptions, side, ticks);
  const takes = isMarket || (isBuy ? best <= priceTicks : best >= priceTicks);
  const there = takes ? Math.min(qtySteps, exchange.volumeSteps) : 0;
  const refused = refusalOf(isMarket, timeInForce, takes, there, qtySteps);
  if (refused !== 0) {
    listener.onEnd(orderId, 'EXPIRED', refused);
    return;
  }
  listener.onAccepted(orderId);
  if (there > 0) {
    const bound = isBuy ? Math.min(worsened, priceTicks) : Math.max(worsened, priceTicks);
    exchange.volumeSteps -= there;
    move(exchange, side, there);
    listener.onFill(request, isMarket ? worsened : bound, there, 'taker', there === request.qtySteps);
  }
  if (there === request.qtySteps) return;
  if (isMarket || timeInForce === 'IOC' || there === qtySteps) {
    listener.onEnd(orderId, 'EXPIRED', 0);
    return;
  }
  const leftSteps = qtySteps - there;
  exchange.orders.push({ orderId, side, isReduceOnly, priceTicks, leftSteps });
  listener.onRest?.(orderId, priceTicks, leftSteps);
}

/** Code of what is no order of this exchange; 0: it is one. */
function malformed({ type, timeInForce, positionSide = 'BOTH', priceTicks, qtySteps }: OrderRequest): number {
  if (type !== 'LIMIT' && type !== 'MARKET') return ERROR_CODES.invalidOrderType;
  if (timeInForce === 'GTD') return INVALID_TIME_IN_FORCE;
  if (positionSide !== 'BOTH') return ERROR_CODES.positionSideMismatch;
  if (!(qtySteps > 0)) return ERROR_CODES.qtyTooSmall;
  if (!Number.isSafeInteger(qtySteps)) return ERROR_CODES.qtyOffGrid;
  const isPrice = Number.isSafeInteger(priceTicks) && priceTicks > 0;
  return type === 'LIMIT' && !isPrice ? ERROR_CODES.priceOffGrid : 0;
}

/** Why an order ends at once; 0: it does not. */
function refusalOf(
  isMarket: boolean,
  timeInForce: OrderRequest['timeInForce'],
  takes: boolean,
  there: number,
  qtySteps: number,
): number {
  if (isMarket) return there === 0 ? ERROR_CODES.unableToFill : 0;
  if (timeInForce === 'GTX' && takes) return ERROR_CODES.postOnlyRejected;
  return timeInForce === 'FOK' && there < qtySteps ? ERROR_CODES.fillOrKillRejected : 0;
}

/** A conditional order has come to the exchange, where the price is so many ticks. */
export function placeBarConditional(
  exchange: BarExchange,
  request: ConditionalRequest,
  ticks: number,
  listener: ExchangeListener,
): void {
  if (request.positionSide !== 'BOTH') {
    listener.onEnd(request.orderId, 'REJECTED', ERROR_CODES.positionSideMismatch);
    return;
  }
  sayPrice(exchange, ticks);
  placeConditional(exchange.conditional, barConditionalRules(exchange), request, listener);
}

/** By which price conditional orders are judged. */
export function sayPrice({ conditional }: BarExchange, ticks: number): void {
  conditional.lastTicks = ticks;
  conditional.markTicks = ticks;
}

/** What conditional orders ask, but how one is placed. Last and mark price are one, so that none is protected from another. */
export function barConditionalRules(exchange: BarExchange): Omit<ConditionalRules, 'place'> {
  return {
    reducibleSteps: (side) => reducible(exchange.positionSteps, side),
    triggerProtect: Number.POSITIVE_INFINITY,
  };
}

/** By how much an order of that side can make a position smaller. */
export function reducible(positionSteps: number, side: OrderSide): number {
  return Math.max(0, side === 'buy' ? 0 - positionSteps : positionSteps);
}

/** The position may have changed: conditional orders that close one that is gone expire. */
export function settleBar(exchange: BarExchange, listener: ExchangeListener): void {
  if (exchange.conditional.waiting.length > 0)
    expireClosing(exchange.conditional, barConditionalRules(exchange), listener);
}

/** A cancellation has come to the exchange, of an order that rests or waits. */
export function cancelBarOrder(exchange: BarExchange, orderId: number, listener: ExchangeListener): void {
  const { orders, conditional } = exchange;
  const at = orders.findIndex((order) => order.orderId === orderId);
  if (at < 0) {
    if (!cancelConditional(conditional, orderId, listener)) listener.onUnknown(orderId, ERROR_CODES.cancelRejected);
    return;
  }
  removeAt(orders, at);
  listener.onEnd(orderId, 'CANCELED', 0);
}

/** What rests is filled at its own price, as far as the volume and its position go; nothing of it may be left to reduce. */
export function fillBarOrder(exchange: BarExchange, order: BarOrder, listener: ExchangeListener): void {
  const { orders, positionSteps } = exchange;
  const { orderId, side, isReduceOnly, priceTicks } = order;
  const reached = Math.min(order.leftSteps, exchange.volumeSteps);
  const most = isReduceOnly ? reducible(positionSteps, side) : reached;
  const qtySteps = Math.min(reached, most);
  const isLast = qtySteps === order.leftSteps;
  // Nothing is left that it could reduce.
  const isEnd = isReduceOnly && qtySteps === most && !isLast;
  order.leftSteps -= qtySteps;
  exchange.volumeSteps -= qtySteps;
  if (isLast || isEnd) removeAt(orders, orders.indexOf(order));
  if (qtySteps > 0) {
    move(exchange, side, qtySteps);
    listener.onFill(order, priceTicks, qtySteps, 'through', isLast);
  }
  if (isEnd) listener.onEnd(orderId, 'EXPIRED', 0);
}

function move(exchange: BarExchange, side: OrderSide, qtySteps: number): void {
  exchange.positionSteps += side === 'buy' ? qtySteps : -qtySteps;
}

/** The exchange takes all orders away and closes the position. */
export function liquidateBar(exchange: BarExchange, listener: ExchangeListener): void {
  for (const { orderId } of exchange.orders.splice(0)) listener.onEnd(orderId, 'CANCELED', 0);
  cancelAllConditional(exchange.conditional, listener);
  exchange.positionSteps = 0;
}
