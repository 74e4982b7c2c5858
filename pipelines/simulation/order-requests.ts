import { becomesMarket, type ConditionalRequest, triggeredOrder } from '../../operators/matching/conditional-order.ts';
import type { OrderRequest, OrderSide } from '../../operators/matching/order.ts';
import type { LimitOptions, OrderOptions } from './strategy.ts';

/** What is sent of a limit order as a strategy says it. */
export function limitRequest(
  orderId: number,
  side: OrderSide,
  priceTicks: number,
  qtySteps: number,
  options: LimitOptions,
): OrderRequest {
  return {
    orderId,
    side,
    type: 'LIMIT',
    timeInForce: options.timeInForce ?? 'GTC',
    priceTicks,
    qtySteps,
    isReduceOnly: options.isReduceOnly ?? false,
    positionSide: options.positionSide ?? 'BOTH',
    selfTrade: options.selfTrade ?? 'NONE',
    goodTillMs: options.goodTillMs ?? Number.NaN,
  };
}

/** What is sent of a market order. */
export function marketRequest(orderId: number, side: OrderSide, qtySteps: number, options: OrderOptions): OrderRequest {
  return {
    orderId,
    side,
    type: 'MARKET',
    timeInForce: 'IOC',
    priceTicks: Number.NaN,
    qtySteps,
    isReduceOnly: options.isReduceOnly ?? false,
    positionSide: options.positionSide ?? 'BOTH',
    selfTrade: options.selfTrade ?? 'NONE',
    goodTillMs: Number.NaN,
  };
}

/**
 * As what a guard judges a conditional order: what it would become, at the price at which it would be sent.
 * @param heldSteps of the position that it may close; negative: short
 */
export function judgedConditional(request: ConditionalRequest, heldSteps: number): OrderRequest {
  const becomes = triggeredOrder(request, Math.abs(heldSteps));
  return becomesMarket(request) ? { ...becomes, priceTicks: request.triggerTicks } : becomes;
}
