import type { PositionSide } from '../account/account-event.ts';
import { ERROR_CODES } from './error-codes.ts';
import type { OrderRequest, OrderSide, SelfTradePrevention } from './order.ts';

/**
 * STOP and TAKE_PROFIT become a limit order, the others a market order. A stop is triggered by a price that goes on beyond it
 * (a sell by a fall), a take-profit by one that comes to it (a sell by a rise), a trailing stop by a price that turns back
 * by its callback rate from the best one.
 */
export type ConditionalType = 'STOP' | 'STOP_MARKET' | 'TAKE_PROFIT' | 'TAKE_PROFIT_MARKET' | 'TRAILING_STOP_MARKET';

/** Which price triggers: that of the last trade, or the mark price. */
export type WorkingType = 'CONTRACT_PRICE' | 'MARK_PRICE';

/**
 * An order of Binance's algo service, which waits outside the book until a price triggers it.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api/New-Algo-Order
 */
export interface ConditionalRequest {
  /** Of the order that it becomes, too. */
  readonly orderId: number;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  readonly type: ConditionalType;
  /** Of a trailing stop the price from which on it trails; NaN: from the beginning. */
  readonly triggerTicks: number;
  /** Of STOP and TAKE_PROFIT: limit of the order. */
  readonly priceTicks: number;
  /** Of STOP and TAKE_PROFIT. */
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'GTX';
  /** 0 where it closes the position. */
  readonly qtySteps: number;
  /** Of a trailing stop: how far the price turns back, percent. */
  readonly callbackRate: number;
  readonly workingType: WorkingType;
  /** Closes the whole position, whatever it is then; expires with it. */
  readonly closesPosition: boolean;
  readonly isReduceOnly: boolean;
  /** Expires where it is triggered while last and mark price are too far apart. */
  readonly isPriceProtected: boolean;
  readonly selfTrade: SelfTradePrevention;
}

/** One that waits. Plain data. */
export interface ConditionalOrder extends ConditionalRequest {
  /** Of a trailing stop: best price since it trails; NaN: it does not yet. */
  peakTicks: number;
}

/** Callback rates in percent; the most since October 2026. */
const CALLBACK_LEAST = 0.1;
const CALLBACK_MOST = 20;

/** Whether it becomes a market order. */
export function becomesMarket({ type }: Pick<ConditionalRequest, 'type'>): boolean {
  return type !== 'STOP' && type !== 'TAKE_PROFIT';
}

/** Code of what is no conditional order; 0: it is one. */
export function malformedConditional(request: ConditionalRequest): number {
  const { type, triggerTicks, priceTicks, qtySteps, callbackRate, closesPosition, isReduceOnly } = request;
  const isTrailing = type === 'TRAILING_STOP_MARKET';
  if (isTrailing && !isCallbackRate(callbackRate)) return ERROR_CODES.invalidCallbackRate;
  if (isTrailing && !Number.isNaN(triggerTicks) && !isPrice(triggerTicks)) return ERROR_CODES.invalidActivationPrice;
  if (!isTrailing && !(triggerTicks > 0)) return ERROR_CODES.triggerTooSmall;
  if (!isTrailing && !isPrice(triggerTicks)) return ERROR_CODES.priceOffGrid;
  if (!becomesMarket(request) && !isPrice(priceTicks)) return ERROR_CODES.priceOffGrid;
  if (closesPosition) {
    if (type !== 'STOP_MARKET' && type !== 'TAKE_PROFIT_MARKET') return ERROR_CODES.cannotClosePosition;
    if (qtySteps !== 0) return ERROR_CODES.qtyWithClosePosition;
    return isReduceOnly ? ERROR_CODES.notRequired : 0;
  }
  if (!(qtySteps > 0)) return ERROR_CODES.qtyTooSmall;
  return Number.isSafeInteger(qtySteps) ? 0 : ERROR_CODES.qtyOffGrid;
}

function isPrice(ticks: number): boolean {
  return Number.isSafeInteger(ticks) && ticks > 0;
}

/** In steps of 0.1 %. */
function isCallbackRate(rate: number): boolean {
  return rate >= CALLBACK_LEAST && rate <= CALLBACK_MOST && Math.abs(rate * 10 - Math.round(rate * 10)) < 1e-9;
}

/**
 * Whether a price has come to where an order waits for it: of a stop and a take-profit their trigger, of a trailing stop its
 * activation price. Never at a price that is not known (NaN).
 */
export function isReached({ side, type, triggerTicks }: ConditionalRequest, ticks: number): boolean {
  const isAbove = (type === 'STOP' || type === 'STOP_MARKET') === (side === 'buy');
  return isAbove ? ticks >= triggerTicks : ticks <= triggerTicks;
}

/** Tells an order of a price of its working type. @returns whether that triggers it */
export function isTriggeredBy(order: ConditionalOrder, ticks: number): boolean {
  if (order.type !== 'TRAILING_STOP_MARKET') return isReached(order, ticks);
  if (Number.isNaN(order.peakTicks)) {
    if (Number.isNaN(order.triggerTicks) || isReached(order, ticks)) order.peakTicks = ticks;
    return false;
  }
  const isBuy = order.side === 'buy';
  order.peakTicks = isBuy ? Math.min(order.peakTicks, ticks) : Math.max(order.peakTicks, ticks);
  return isBuy ? ticks >= turnTicks(order) : ticks <= turnTicks(order);
}

/** Where the price has turned back by a trailing stop's callback rate, off the grid; NaN: it does not trail yet. */
export function turnTicks({ side, peakTicks, callbackRate }: ConditionalOrder): number {
  const back = (peakTicks * callbackRate) / 100;
  // A product such as 1,000 × 0.7 % may miss a whole tick by the last bit.
  return side === 'buy' ? peakTicks + back - 1e-6 : peakTicks - back + 1e-6;
}

/** The order that it becomes. @param qtySteps what it closes, of one that closes a position */
export function triggeredOrder(order: ConditionalRequest, qtySteps: number): OrderRequest {
  const { orderId, side, positionSide, timeInForce, priceTicks, closesPosition, isReduceOnly, selfTrade } = order;
  const isMarket = becomesMarket(order);
  return {
    orderId,
    side,
    type: isMarket ? 'MARKET' : 'LIMIT',
    timeInForce: isMarket ? 'IOC' : timeInForce,
    priceTicks: isMarket ? Number.NaN : priceTicks,
    qtySteps: closesPosition ? qtySteps : order.qtySteps,
    // A side of a hedge is closed by its own orders, which reduce-only does not go with.
    isReduceOnly: isReduceOnly || (closesPosition && positionSide === 'BOTH'),
    positionSide,
    selfTrade,
  };
}
