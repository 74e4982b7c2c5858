import type { PositionSide } from '../account/account-event.ts';
import { bestTick, stepsAt } from '../book/ladder.ts';
import { ERROR_CODES } from './error-codes.ts';
import { filterRefusal, marketBound } from './filters.ts';
import type { ExchangeListener, OrderRequest, OrderSide } from './order.ts';
import type { ExchangeRules, RecordedExchange } from './recorded-exchange.ts';
import { mayMeetOwn, preventSelfTrade } from './self-trade.ts';
import { offered, take } from './take-liquidity.ts';

/** An order has come to the exchange. */
export function placeOrder(
  exchange: RecordedExchange,
  rules: ExchangeRules,
  request: OrderRequest,
  listener: ExchangeListener,
): void {
  const code = refusalOf(exchange, rules, request);
  if (code !== 0) listener.onEnd(request.orderId, 'REJECTED', code);
  else execute(exchange, rules, request, 0, 0, listener);
}

/** Best price on the other side; NaN: none, or not known. */
export function bestOpposite({ book }: RecordedExchange, side: OrderSide): number {
  return book.invalidity === null ? bestTick(side === 'buy' ? book.asks : book.bids) : Number.NaN;
}

/** Whether an order may only make its position smaller: it is reduce-only, or of the closing side of a hedge. */
export function isReducing(side: OrderSide, positionSide: PositionSide, isReduceOnly: boolean): boolean {
  return isReduceOnly || (side === 'sell' ? positionSide === 'LONG' : positionSide === 'SHORT');
}

/** Why an order that arrives is refused; 0: it is not. */
function refusalOf(exchange: RecordedExchange, rules: ExchangeRules, request: OrderRequest): number {
  const { side, type, priceTicks, isReduceOnly, positionSide = 'BOTH' } = request;
  const { filters, conditional, orders } = exchange;
  const code = offGrid(request) || positionSideRefusal(rules, positionSide, isReduceOnly);
  if (code !== 0 || (filters === null && rules.account === undefined)) return code;
  const best = bestOpposite(exchange, side);
  if (filters !== null) {
    const filtered = { ...request, isReducing: isReducing(side, positionSide, isReduceOnly) };
    const broken = filterRefusal(filters, filtered, conditional.markTicks, best, orders.length);
    if (broken !== 0) return broken;
  }
  return rules.account?.refusal(request, type === 'MARKET' ? best : priceTicks) ?? 0;
}

/** Code of what cannot be on the instrument's grid; 0: it can. */
export function offGrid({
  type,
  priceTicks,
  qtySteps,
}: Pick<OrderRequest, 'type' | 'priceTicks' | 'qtySteps'>): number {
  if (!(qtySteps > 0)) return ERROR_CODES.qtyTooSmall;
  if (!Number.isSafeInteger(qtySteps)) return ERROR_CODES.qtyOffGrid;
  const isPrice = Number.isSafeInteger(priceTicks) && priceTicks > 0;
  return type === 'LIMIT' && !isPrice ? ERROR_CODES.priceOffGrid : 0;
}

/** Code of an order whose side is not of the account's mode; 0: it is. */
export function positionSideRefusal(
  { positionMode = 'oneWay' }: ExchangeRules,
  positionSide: PositionSide,
  isReduceOnly: boolean,
): number {
  if ((positionMode === 'oneWay') !== (positionSide === 'BOTH')) return ERROR_CODES.positionSideMismatch;
  return positionMode === 'hedge' && isReduceOnly ? ERROR_CODES.notRequired : 0;
}

/**
 * What becomes of an order that is not refused: it takes what it can, and rests, or ends.
 * @param filledSteps what was filled of it before, and how often it was changed
 */
export function execute(
  exchange: RecordedExchange,
  rules: ExchangeRules,
  request: OrderRequest,
  filledSteps: number,
  amends: number,
  listener: ExchangeListener,
): void {
  const { orderId, side, type, timeInForce, positionSide = 'BOTH' } = request;
  const { book, orders } = exchange;
  const isBuy = side === 'buy';
  const isMarket = type === 'MARKET';
  const isKnown = book.invalidity === null;
  const opposite = isBuy ? book.asks : book.bids;
  const best = isKnown ? bestTick(opposite) : Number.NaN;
  const limit = isMarket ? marketBound(exchange.filters, side, exchange.conditional.markTicks) : request.priceTicks;
  const takes = isBuy ? best <= limit : best >= limit;
  const mayOnlyReduce = isReducing(side, positionSide, request.isReduceOnly);
  const mostSteps = mayOnlyReduce
    ? (rules.account?.reducibleSteps(side, positionSide) ?? request.qtySteps)
    : request.qtySteps;
  const mayTake = Math.min(request.qtySteps, mostSteps);
  if (takes && timeInForce === 'GTX' && !isMarket) {
    listener.onEnd(orderId, 'EXPIRED', ERROR_CODES.postOnlyRejected);
    return;
  }
  if (isMarket && !takes) {
    listener.onEnd(orderId, 'EXPIRED', ERROR_CODES.unableToFill);
    return;
  }
  const isFillOrKill = !isMarket && timeInForce === 'FOK';
  if (isFillOrKill && !(takes && offered(exchange, rules, opposite, limit, mayTake) >= mayTake)) {
    listener.onEnd(orderId, 'EXPIRED', ERROR_CODES.fillOrKillRejected);
    return;
  }
  if (amends === 0) listener.onAccepted(orderId);
  const left = takes ? take(exchange, rules, request, mayTake, opposite, limit, listener) : mayTake;
  if (left === 0) {
    // It would turn the position round.
    if (mayTake < request.qtySteps) listener.onEnd(orderId, 'EXPIRED', 0);
    return;
  }
  if (left < 0 || (mayMeetOwn(request) && preventSelfTrade(orders, request, limit, listener))) {
    listener.onEnd(orderId, 'EXPIRED_IN_MATCH', 0);
    return;
  }
  if (isMarket || timeInForce === 'IOC') {
    listener.onEnd(orderId, 'EXPIRED', 0);
    return;
  }
  const leftSteps = request.qtySteps - mayTake + left;
  const level = isKnown ? stepsAt(isBuy ? book.bids : book.asks, request.priceTicks) : Number.NaN;
  orders.push({
    orderId,
    side,
    positionSide,
    isReduceOnly: mayOnlyReduce,
    isPostOnly: timeInForce === 'GTX',
    priceTicks: request.priceTicks,
    leftSteps,
    frontSteps: level,
    tradedSteps: 0,
    levelSteps: level,
    filledSteps: filledSteps + mayTake - left,
    amends,
  });
  listener.onRest?.(orderId, request.priceTicks, leftSteps);
}
