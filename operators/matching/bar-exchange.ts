import { type BarOrder, type BarRange, reducible, worsePath } from './bar-path.ts';
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

/** What an exchange's own orders do against candles, which they do not change. Plain data. */
export interface BarExchange {
  /** Own orders, oldest first. */
  readonly orders: BarOrder[];
  /** Negative: short. */
  positionSteps: number;
  /** What own orders may still get of the candle's volume. */
  volumeSteps: number;
}

/** Invalid time in force. */
const INVALID_TIME_IN_FORCE = -1115;

export function createBarExchange(): BarExchange {
  return { orders: [], positionSteps: 0, volumeSteps: 0 };
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
 * An order has come to the exchange while the price is a candle's open.
 * @param openTicks the open
 */
export function placeBarOrder(
  exchange: BarExchange,
  rules: BarRules,
  request: OrderRequest,
  openTicks: number,
  listener: ExchangeListener,
): void {
  const { orderId, side, type, timeInForce, priceTicks, isReduceOnly } = request;
  const isMarket = type === 'MARKET';
  const isBuy = side === 'buy';
  const worsened = takerTicks(rules.assumptions, side, openTicks);
  const code = malformed(request) || (rules.account?.refusal(request, isMarket ? worsened : priceTicks) ?? 0);
  const most = isReduceOnly ? reducible(exchange.positionSteps, side) : request.qtySteps;
  if (code !== 0 || most === 0) {
    listener.onEnd(orderId, 'REJECTED', code || ERROR_CODES.reduceOnlyRejected);
    return;
  }
  const qtySteps = Math.min(request.qtySteps, most);
  const best = bestTicks(rules.assumptions, side, openTicks);
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

/** A cancellation has come to the exchange. */
export function cancelBarOrder({ orders }: BarExchange, orderId: number, listener: ExchangeListener): void {
  const at = orders.findIndex((order) => order.orderId === orderId);
  if (at < 0) {
    listener.onUnknown(orderId, ERROR_CODES.cancelRejected);
    return;
  }
  removeAt(orders, at);
  listener.onEnd(orderId, 'CANCELED', 0);
}

/**
 * The price goes over a range: what rests and is gone through is filled at its own price, on the path that is the worse for
 * the account. The listener may take all orders away, as a liquidation does: then that is all.
 */
export function passPrices(exchange: BarExchange, range: BarRange, listener: ExchangeListener): void {
  const { orders } = exchange;
  if (orders.length === 0) return;
  for (const { order, qtySteps, isEnd } of worsePath(orders, range, exchange.positionSteps, exchange.volumeSteps)) {
    const at = orders.indexOf(order);
    if (at < 0) return;
    order.leftSteps -= qtySteps;
    exchange.volumeSteps -= qtySteps;
    const isLast = order.leftSteps === 0;
    if (isLast || isEnd) removeAt(orders, at);
    if (qtySteps > 0) {
      move(exchange, order.side, qtySteps);
      listener.onFill(order, order.priceTicks, qtySteps, 'through', isLast);
    }
    if (isEnd && !isLast) listener.onEnd(order.orderId, 'EXPIRED', 0);
  }
}

function move(exchange: BarExchange, side: OrderSide, qtySteps: number): void {
  exchange.positionSteps += side === 'buy' ? qtySteps : -qtySteps;
}

/** The exchange takes all orders away and closes the position. */
export function liquidateBar(exchange: BarExchange, listener: ExchangeListener): void {
  for (const { orderId } of exchange.orders.splice(0)) listener.onEnd(orderId, 'CANCELED', 0);
  exchange.positionSteps = 0;
}
