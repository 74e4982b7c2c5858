import { moneyOfE8 } from '../../../operators/account/instrument-terms.ts';
import { decimalText, priceText, quantityText } from '../instrument.ts';
import { type AlgoOrder, algoTimeInForce } from './algo-order.ts';
import { amountText, averagePriceE8 } from './amounts.ts';
import type { Listing } from './listing.ts';
import type { Amendment, UserTrade, VenueOrder } from './user-account.ts';

// Bodies of REST answers about orders, with Binance's fields, order and number forms.

/** 1e-8 → a text with as many decimals as prices and quantities have together, which an exact notional needs. */
function finely({ instrument }: Listing, amountE8: number): string {
  const places = Math.min(8, instrument.pricePrecision + instrument.quantityPrecision);
  return decimalText(Math.round(amountE8 / 10 ** (8 - places)), places);
}

function cumulatedE8({ terms }: Listing, order: VenueOrder): number {
  return moneyOfE8(terms, order.filledTickSteps);
}

/** An order as `GET` tells it. */
export function orderBody(listing: Listing, order: VenueOrder): Record<string, unknown> {
  const { instrument } = listing;
  return {
    orderId: order.orderId,
    symbol: order.symbol,
    status: order.status,
    clientOrderId: order.clientOrderId,
    price: priceText(instrument, order.priceTicks),
    avgPrice: finely(listing, averagePriceE8(listing, order.filledTickSteps, order.filledSteps)),
    origQty: quantityText(instrument, order.qtySteps),
    executedQty: quantityText(instrument, order.filledSteps),
    cumQuote: finely(listing, cumulatedE8(listing, order)),
    timeInForce: order.timeInForce,
    type: order.type,
    reduceOnly: order.isReduceOnly,
    closePosition: order.isClosePosition,
    side: order.side.toUpperCase(),
    positionSide: order.positionSide,
    stopPrice: priceText(instrument, 0),
    workingType: 'CONTRACT_PRICE',
    priceProtect: false,
    origType: order.origType,
    priceMatch: 'NONE',
    selfTradePreventionMode: order.selfTradePrevention,
    goodTillDate: order.goodTillMs,
    time: order.createdMs,
    updateTime: order.updatedMs,
  };
}

/**
 * An order as it is answered to who has placed, changed or cancelled it: without average price and quote sum since July
 * 2026, which come by the user data stream and by `GET`.
 * @param isAck as it was when it was taken, whatever has become of it by now
 */
export function acknowledgedBody(listing: Listing, order: VenueOrder, isAck: boolean): Record<string, unknown> {
  const { avgPrice: _avgPrice, cumQuote: _cumQuote, time: _time, ...body } = orderBody(listing, order);
  const filled = quantityText(listing.instrument, isAck ? 0 : order.filledSteps);
  return { ...body, status: isAck ? 'NEW' : order.status, executedQty: filled, cumQty: filled };
}

export function tradeBody(listing: Listing, trade: UserTrade): Record<string, unknown> {
  const { instrument, terms } = listing;
  return {
    symbol: trade.symbol,
    id: trade.id,
    orderId: trade.orderId,
    side: trade.side.toUpperCase(),
    price: priceText(instrument, trade.priceTicks),
    qty: quantityText(instrument, trade.qtySteps),
    realizedPnl: amountText(trade.realisedE8),
    quoteQty: finely(listing, moneyOfE8(terms, trade.priceTicks * trade.qtySteps)),
    commission: amountText(trade.feeE8),
    commissionAsset: 'USDT',
    time: trade.timeMs,
    positionSide: trade.positionSide,
    buyer: trade.side === 'buy',
    maker: trade.isMaker,
  };
}

/** A change of an order as `orderAmendment` tells it. */
export function amendmentBody({ instrument }: Listing, amendment: Amendment): Record<string, unknown> {
  const { id, order, timeMs, before, after, count } = amendment;
  const price = { before: priceText(instrument, before.priceTicks), after: priceText(instrument, after.priceTicks) };
  const origQty = {
    before: quantityText(instrument, before.qtySteps),
    after: quantityText(instrument, after.qtySteps),
  };
  return {
    amendmentId: id,
    symbol: order.symbol,
    pair: order.symbol,
    orderId: order.orderId,
    clientOrderId: order.clientOrderId,
    time: timeMs,
    amendment: { price, origQty, count },
    priceMatch: 'NONE',
  };
}

/** An algo order as `POST` answers it. */
export function algoBody({ instrument }: Listing, algo: AlgoOrder): Record<string, unknown> {
  const price = (ticks: number): string => priceText(instrument, Number.isNaN(ticks) ? 0 : ticks);
  const isTrailing = algo.type === 'TRAILING_STOP_MARKET';
  return {
    algoId: algo.orderId,
    clientAlgoId: algo.clientAlgoId,
    algoType: 'CONDITIONAL',
    orderType: algo.type,
    symbol: algo.symbol,
    side: algo.side.toUpperCase(),
    positionSide: algo.positionSide,
    timeInForce: algoTimeInForce(algo),
    quantity: quantityText(instrument, algo.qtySteps),
    algoStatus: algo.status,
    triggerPrice: price(isTrailing ? 0 : algo.triggerTicks),
    price: price(algo.priceTicks),
    icebergQuantity: null,
    selfTradePreventionMode: algo.selfTrade,
    workingType: algo.workingType,
    priceMatch: 'NONE',
    closePosition: algo.closesPosition,
    priceProtect: algo.isPriceProtected,
    reduceOnly: algo.isReduceOnly,
    ...(isTrailing ? { activatePrice: price(algo.triggerTicks), callbackRate: String(algo.callbackRate) } : {}),
    createTime: algo.createdMs,
    updateTime: algo.updatedMs,
    triggerTime: algo.triggeredMs,
    goodTillDate: algo.goodTillMs,
  };
}

/** An algo order as `GET` tells it, with the order that it has become. */
export function queriedAlgoBody(
  listing: Listing,
  algo: AlgoOrder,
  order: VenueOrder | undefined,
): Record<string, unknown> {
  const zero = priceText(listing.instrument, 0);
  const priceE8 = order === undefined ? 0 : averagePriceE8(listing, order.filledTickSteps, order.filledSteps);
  return {
    ...algoBody(listing, algo),
    actualOrderId: algo.actualOrderId === 0 ? '' : String(algo.actualOrderId),
    actualPrice: finely(listing, priceE8),
    tpTriggerPrice: zero,
    tpPrice: zero,
    slTriggerPrice: zero,
    slPrice: zero,
    tpOrderType: '',
  };
}
