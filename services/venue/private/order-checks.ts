import { bookOf, positionOf } from '../../../operators/account/account-state.ts';
import { canPlace, reducibleSteps } from '../../../operators/account/place-order.ts';
import { filterRefusal } from '../../../operators/matching/filters.ts';
import type { MarketOrder, TradingMarket } from '../trading-market.ts';
import type { Listing, Listings } from './listing.ts';
import { refused } from './refusals.ts';
import { clientKey, type OrderTicket, type UserAccount, type VenueOrder } from './user-account.ts';

/** A market order that buys is assumed to pay so much above the best price, as Binance assumes it. */
const MARKET_SLIPPAGE = 0.0005;

/** True where an order may only make a position smaller: it says so, or is the closing side of a hedge. */
export function reduces({
  isReduceOnly,
  positionSide,
  side,
}: Pick<VenueOrder, 'isReduceOnly' | 'positionSide' | 'side'>): boolean {
  return isReduceOnly || (positionSide === 'LONG' ? side === 'sell' : positionSide === 'SHORT' && side === 'buy');
}

/** By how many steps an order could make its position smaller. */
export function reducibleBy(
  { terms }: Listings,
  { state }: UserAccount,
  { symbol, side, positionSide }: Pick<VenueOrder, 'symbol' | 'side' | 'positionSide'>,
): number {
  return reducibleSteps(positionOf(bookOf(terms, state, symbol), positionSide), side);
}

/** A mark price in ticks, off the grid; NaN: not known. */
export function markTicks({ terms }: Listing, markPriceE8: number | undefined): number {
  if (markPriceE8 === undefined) return Number.NaN;
  return (markPriceE8 * terms.tickDivisor) / terms.tickUnits / 1e8;
}

type Filtered = Pick<
  VenueOrder,
  'symbol' | 'type' | 'priceTicks' | 'qtySteps' | 'side' | 'positionSide' | 'isReduceOnly'
>;

/**
 * An order against the filters of `exchangeInfo`.
 * @param openOrders that the account has of the symbol
 * @throws ApiError
 */
export function checkFilters(listing: Listing, market: TradingMarket, order: Filtered, openOrders: number): void {
  const { type, priceTicks, qtySteps, side, symbol } = order;
  if (qtySteps < 1) throw refused(-4003);
  if (type === 'LIMIT' && priceTicks < 1) throw refused(-4001);
  const mark = markTicks(listing, market.mark(symbol)?.markPriceE8);
  const best = market.bestTicks(symbol, side === 'buy' ? 'sell' : 'buy') ?? Number.NaN;
  const code = filterRefusal(listing.filters, { ...order, isReducing: reduces(order) }, mark, best, openOrders);
  if (code === 0) return;
  const { multiplierUp, multiplierDown } = listing.filters;
  const limit = ((code === -4016 ? multiplierUp : multiplierDown) ?? 1) * mark * listing.scale.price.toNumber(1);
  const detail = code === -4164 ? listing.instrument.minNotional : limit.toFixed(listing.instrument.pricePrecision);
  throw refused(code, detail);
}

/** All that may be said against an order before it is one. @throws ApiError */
export function checkTicket(
  listings: Listings,
  market: TradingMarket,
  account: UserAccount,
  ticket: OrderTicket,
): void {
  const { symbol, clientOrderId } = ticket;
  let open = 0;
  for (const order of account.open.values()) if (order.symbol === symbol) open++;
  checkFilters(listings.bySymbol.get(symbol) as Listing, market, ticket, open);
  const earlier = clientOrderId === undefined ? undefined : account.byClientId.get(clientKey(symbol, clientOrderId));
  if (earlier !== undefined && account.open.has(earlier.orderId)) throw refused(-4116);
  checkMargin(listings, market, account, ticket);
}

type Placing = Pick<
  OrderTicket,
  'symbol' | 'side' | 'positionSide' | 'type' | 'priceTicks' | 'qtySteps' | 'isReduceOnly'
>;

/** What the account has to say against an order. @throws ApiError */
export function checkMargin(listings: Listings, market: TradingMarket, account: UserAccount, order: Placing): void {
  const { symbol, side, positionSide, type, qtySteps, isReduceOnly } = order;
  const best = market.bestTicks(symbol, side === 'buy' ? 'sell' : 'buy');
  if (type === 'MARKET' && best === undefined) throw refused(-4131);
  const paid = Math.ceil((best ?? 0) * (side === 'buy' ? 1 + MARKET_SLIPPAGE : 1));
  const priceTicks = type === 'MARKET' ? paid : order.priceTicks;
  const asked = { instrument: symbol, side, positionSide, priceTicks, qtySteps, isReduceOnly };
  const refusal = canPlace(listings.terms, account.state, asked);
  if (refusal !== null) throw refused(refusal.code ?? -1000, refusal.found);
}

/** Whether a limit order would take at once. */
export function wouldTake(market: TradingMarket, { symbol, side }: VenueOrder, priceTicks: number): boolean {
  const best = market.bestTicks(symbol, side === 'buy' ? 'sell' : 'buy');
  return best !== undefined && (side === 'buy' ? best <= priceTicks : best >= priceTicks);
}

/** @param qtySteps what is left of the order */
export function marketOrder(
  listings: Listings,
  account: UserAccount,
  order: VenueOrder,
  qtySteps: number,
): MarketOrder {
  return {
    orderId: order.orderId,
    owner: account.apiKey,
    symbol: order.symbol,
    side: order.side,
    limitTicks: order.type === 'MARKET' ? undefined : order.priceTicks,
    qtySteps: reduces(order) ? Math.min(qtySteps, reducibleBy(listings, account, order)) : qtySteps,
    rests: order.type === 'LIMIT' && order.timeInForce !== 'IOC' && order.timeInForce !== 'FOK',
    positionSide: order.positionSide,
    isReduceOnly: order.isReduceOnly,
    selfTradePrevention: order.selfTradePrevention,
  };
}
