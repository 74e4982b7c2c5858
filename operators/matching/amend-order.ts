import { ERROR_CODES } from './error-codes.ts';
import { filterRefusal } from './filters.ts';
import type { AmendRequest, ExchangeListener, OrderRequest, RestingOrder } from './order.ts';
import { bestOpposite, execute, offGrid } from './place-order.ts';
import type { ExchangeRules, RecordedExchange } from './recorded-exchange.ts';
import { removeAt } from './remove-at.ts';

/** Changes of one order. */
const AMENDS_MOST = 10_000;

/**
 * A change of an order has come to the exchange. As on USD-M any change, also to a smaller quantity, puts the order behind all
 * that stand at its price, and takes its self-trade prevention from it. One that is refused leaves the order as it was; where
 * what is filled is all of the new quantity, or a post-only order would take, the order is cancelled.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/trade/rest-api/Modify-Order
 */
export function amendOrder(
  exchange: RecordedExchange,
  rules: ExchangeRules,
  request: AmendRequest,
  listener: ExchangeListener,
): void {
  const { orders } = exchange;
  const { orderId, priceTicks, qtySteps } = request;
  const at = orders.findIndex((order) => order.orderId === orderId);
  const order = orders[at];
  if (order === undefined) {
    listener.onUnknown(orderId, ERROR_CODES.noSuchOrder);
    return;
  }
  const code = refusalOf(exchange, rules, order, request);
  if (code !== 0) {
    listener.onAmendRejected?.(orderId, code);
    return;
  }
  const { side, positionSide, isReduceOnly, isPostOnly, filledSteps, amends } = order;
  const left = qtySteps - filledSteps;
  const best = bestOpposite(exchange, side);
  const takes = side === 'buy' ? best <= priceTicks : best >= priceTicks;
  removeAt(orders, at);
  if (left <= 0 || (isPostOnly && takes)) {
    listener.onEnd(orderId, 'CANCELED', 0);
    return;
  }
  const changed: OrderRequest = {
    orderId,
    side,
    type: 'LIMIT',
    timeInForce: isPostOnly ? 'GTX' : 'GTC',
    priceTicks,
    qtySteps: left,
    isReduceOnly,
    positionSide,
  };
  listener.onAmended?.(orderId, priceTicks, left);
  execute(exchange, rules, changed, filledSteps, amends + 1, listener);
}

function refusalOf(
  { filters, conditional }: RecordedExchange,
  { account }: ExchangeRules,
  order: RestingOrder,
  { priceTicks, qtySteps }: AmendRequest,
): number {
  const { orderId, side, positionSide, isReduceOnly, filledSteps, leftSteps, amends } = order;
  const code = offGrid({ type: 'LIMIT', priceTicks, qtySteps });
  if (code !== 0) return code;
  if (priceTicks === order.priceTicks && qtySteps === filledSteps + leftSteps) return ERROR_CODES.sameOrder;
  if (amends >= AMENDS_MOST) return ERROR_CODES.tooManyAmends;
  if (filters !== null) {
    const filtered = { side, type: 'LIMIT', priceTicks, qtySteps, isReducing: isReduceOnly } as const;
    const broken = filterRefusal(filters, filtered, conditional.markTicks, Number.NaN, 0);
    if (broken !== 0) return broken === ERROR_CODES.minNotional ? ERROR_CODES.amendMinNotional : broken;
  }
  // The account is asked for what it becomes larger by, at its new price.
  const more = (qtySteps - filledSteps) * priceTicks - leftSteps * order.priceTicks;
  if (isReduceOnly || more <= 0) return 0;
  const added = { orderId, side, type: 'LIMIT', timeInForce: 'GTC', priceTicks, isReduceOnly, positionSide } as const;
  return account?.refusal({ ...added, qtySteps: Math.ceil(more / priceTicks) }, priceTicks) ?? 0;
}
