import { becomesMarket, type ConditionalRequest } from '../../../operators/matching/conditional-order.ts';
import type { AmendRequest, OrderRequest, OrderSide } from '../../../operators/matching/order.ts';
import type { Grid, Scale } from '../../../streams/events/scale.ts';

/** Parameters of a request, as Binance names them. */
export type Params = Readonly<Record<string, string | number>>;

/** By what the exchange is asked for an order: by our own name of it, or by its number. */
export type OrderName = { readonly origClientOrderId: string } | { readonly orderId: string };

/** Of `POST /fapi/v1/order`. */
export function orderParams({ price, qty }: Scale, newClientOrderId: string, order: OrderRequest): Params {
  const { type, timeInForce, priceTicks, qtySteps, goodTillMs } = order;
  return {
    ...common(order),
    type,
    quantity: qty.toText(qtySteps),
    newClientOrderId,
    newOrderRespType: 'ACK',
    ...(type === 'LIMIT' ? { timeInForce, price: price.toText(priceTicks) } : {}),
    ...(timeInForce === 'GTD' ? { goodTillDate: goodTillMs! } : {}),
  };
}

/** Of `PUT /fapi/v1/order`, which wants what stays as well. */
export function amendParams({ price, qty }: Scale, name: OrderName, side: OrderSide, amend: AmendRequest): Params {
  const { priceTicks, qtySteps } = amend;
  return { ...name, side: side.toUpperCase(), quantity: qty.toText(qtySteps), price: price.toText(priceTicks) };
}

/** Of `POST /fapi/v1/algoOrder`. */
export function algoParams({ price, qty }: Scale, clientAlgoId: string, order: ConditionalRequest): Params {
  const { type, triggerTicks, priceTicks, timeInForce, qtySteps, callbackRate, workingType } = order;
  const isTrailing = type === 'TRAILING_STOP_MARKET';
  return {
    ...common(order),
    algoType: 'CONDITIONAL',
    type,
    clientAlgoId,
    workingType,
    ...(order.closesPosition ? { closePosition: 'true' } : { quantity: qty.toText(qtySteps) }),
    // In steps of 0.1 %: 0.1 + 0.2 is 0.3.
    ...(isTrailing ? { callbackRate: Number(callbackRate.toFixed(1)) } : { triggerPrice: price.toText(triggerTicks) }),
    ...(isTrailing ? textOf('activatePrice', price, triggerTicks) : {}),
    ...(becomesMarket(order) ? {} : { timeInForce, price: price.toText(priceTicks) }),
    ...(order.isPriceProtected ? { priceProtect: 'TRUE' } : {}),
  };
}

function common(order: OrderRequest | ConditionalRequest): Params {
  const { side, positionSide = 'BOTH', isReduceOnly, selfTrade = 'NONE' } = order;
  return {
    side: side.toUpperCase(),
    ...(positionSide === 'BOTH' ? {} : { positionSide }),
    ...(isReduceOnly ? { reduceOnly: 'true' } : {}),
    ...(selfTrade === 'NONE' ? {} : { selfTradePreventionMode: selfTrade }),
  };
}

/** Nothing where there is no price. */
function textOf(name: string, grid: Grid, ticks: number): Params {
  return Number.isNaN(ticks) ? {} : { [name]: grid.toText(ticks) };
}
