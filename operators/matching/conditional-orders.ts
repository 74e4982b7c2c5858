import type { PositionSide } from '../account/account-event.ts';
import {
  type ConditionalOrder,
  type ConditionalRequest,
  isReached,
  isTriggeredBy,
  malformedConditional,
  triggeredOrder,
  type WorkingType,
} from './conditional-order.ts';
import { ERROR_CODES } from './error-codes.ts';
import type { ExchangeListener, OrderRequest, OrderSide } from './order.ts';
import { removeAt } from './remove-at.ts';

/** Conditional orders that wait, and the prices that trigger them. Plain data. */
export interface ConditionalOrders {
  /** Oldest first. */
  readonly waiting: ConditionalOrder[];
  /** Of the last trade, and the mark price, which is off the grid; NaN: none yet. */
  lastTicks: number;
  markTicks: number;
}

/** What conditional orders ask of the exchange that they wait at. */
export interface ConditionalRules {
  /** By how much an order of that side can make the position smaller; 0 where there is none. */
  readonly reducibleSteps: (side: OrderSide, positionSide: PositionSide) => number;
  /** How far last and mark price may be apart for one that is price-protected, a part of the mark price; Infinity: any. */
  readonly triggerProtect: number;
  /** Places what an order has become. */
  readonly place: (order: OrderRequest) => void;
}

/** Over all instruments, since December 2025. */
const WAITING_MOST = 200;

export function createConditionalOrders(): ConditionalOrders {
  return { waiting: [], lastTicks: Number.NaN, markTicks: Number.NaN };
}

/** A conditional order has come to the exchange: it waits, or is refused. */
export function placeConditional(
  conditional: ConditionalOrders,
  { reducibleSteps }: Pick<ConditionalRules, 'reducibleSteps'>,
  request: ConditionalRequest,
  listener: ExchangeListener,
): void {
  const { waiting } = conditional;
  const ticks = priceOf(conditional, request.workingType);
  const code = malformedConditional(request) || refusalOf(waiting, reducibleSteps, request, ticks);
  if (code !== 0) {
    listener.onEnd(request.orderId, 'REJECTED', code);
    return;
  }
  const order: ConditionalOrder = { ...request, peakTicks: Number.NaN };
  // A trailing stop without an activation price begins at the price of the instant.
  if (order.type === 'TRAILING_STOP_MARKET' && Number.isNaN(order.triggerTicks)) order.peakTicks = ticks;
  waiting.push(order);
  listener.onAccepted(request.orderId);
}

function refusalOf(
  waiting: readonly ConditionalOrder[],
  reducibleSteps: ConditionalRules['reducibleSteps'],
  request: ConditionalRequest,
  ticks: number,
): number {
  if (waiting.length >= WAITING_MOST) return ERROR_CODES.tooManyConditional;
  if (request.closesPosition) {
    if (reducibleSteps(request.side, request.positionSide) === 0) return ERROR_CODES.noPosition;
    if (waiting.some((order) => isSameClose(order, request))) return ERROR_CODES.closePositionExists;
  }
  return isReached(request, ticks) ? ERROR_CODES.wouldTrigger : 0;
}

function isSameClose(order: ConditionalRequest, { side, positionSide, type }: ConditionalRequest): boolean {
  return order.closesPosition && order.side === side && order.positionSide === positionSide && order.type === type;
}

/** @returns whether it waited */
export function cancelConditional(
  { waiting }: ConditionalOrders,
  orderId: number,
  listener: ExchangeListener,
): boolean {
  for (let n = 0; n < waiting.length; n++) {
    if (waiting[n]!.orderId !== orderId) continue;
    removeAt(waiting, n);
    listener.onEnd(orderId, 'CANCELED', 0);
    return true;
  }
  return false;
}

/** Takes all away, as before a liquidation. */
export function cancelAllConditional({ waiting }: ConditionalOrders, listener: ExchangeListener): void {
  for (const { orderId } of waiting.splice(0)) listener.onEnd(orderId, 'CANCELED', 0);
}

/**
 * A price of a working type has been said, and is noted already: what it triggers becomes an order at once, the oldest first.
 */
export function triggerConditional(
  conditional: ConditionalOrders,
  rules: ConditionalRules,
  workingType: WorkingType,
  listener: ExchangeListener,
): void {
  const ticks = priceOf(conditional, workingType);
  const triggered: ConditionalOrder[] = [];
  const { waiting } = conditional;
  for (let n = 0; n < waiting.length; n++) {
    const order = waiting[n]!;
    if (order.workingType !== workingType || !isTriggeredBy(order, ticks)) continue;
    removeAt(waiting, n--);
    triggered.push(order);
  }
  for (const order of triggered) becomeOrder(conditional, rules, order, listener);
}

/** One that waited and was triggered becomes an order, or expires. */
export function becomeOrder(
  { lastTicks, markTicks }: ConditionalOrders,
  { reducibleSteps, triggerProtect, place }: ConditionalRules,
  order: ConditionalOrder,
  listener: ExchangeListener,
): void {
  const apart = Math.abs(lastTicks - markTicks) / markTicks;
  const closing = order.closesPosition ? reducibleSteps(order.side, order.positionSide) : 0;
  if ((order.isPriceProtected && apart > triggerProtect) || (order.closesPosition && closing === 0)) {
    listener.onEnd(order.orderId, 'EXPIRED', 0);
    return;
  }
  const request = triggeredOrder(order, closing);
  listener.onTriggered?.(request);
  place(request);
}

/** The position may have changed: what would close one that is gone expires. */
export function expireClosing(
  { waiting }: ConditionalOrders,
  { reducibleSteps }: Pick<ConditionalRules, 'reducibleSteps'>,
  listener: ExchangeListener,
): void {
  for (let n = 0; n < waiting.length; n++) {
    const { orderId, closesPosition, side, positionSide } = waiting[n]!;
    if (!closesPosition || reducibleSteps(side, positionSide) > 0) continue;
    removeAt(waiting, n--);
    listener.onEnd(orderId, 'EXPIRED', 0);
  }
}

function priceOf({ lastTicks, markTicks }: ConditionalOrders, workingType: WorkingType): number {
  return workingType === 'CONTRACT_PRICE' ? lastTicks : markTicks;
}
