import { createOrderBook } from '../../operators/book/order-book.ts';
import { ERROR_CODES } from '../../operators/matching/error-codes.ts';
import type { OrderRequest } from '../../operators/matching/order.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { limitRequest, marketRequest } from './order-requests.ts';
import type { OwnOrders } from './own-orders.ts';
import {
  type AccountFigures,
  countRejected,
  NO_ACCOUNT,
  type SimulationCounts,
  type SimulationListener,
} from './simulation-listener.ts';
import type { Market } from './strategy.ts';
import { noFeatures, type StrategyFeatures } from './strategy-features.ts';
import { type Message, mayPass, type OrderGuard, placeConditional } from './strategy-market.ts';

export interface BarMarketOptions {
  readonly scale: Scale;
  readonly own: OwnOrders;
  readonly counts: SimulationCounts;
  readonly guard: OrderGuard | undefined;
  readonly listener: SimulationListener;
  /** The last candle's close. */
  readonly closeTicks: () => number;
  /** On its way from now on. */
  readonly send: (message: Message) => void;
  /** None where not said. */
  readonly account?: AccountFigures | undefined;
  /** undefined: the strategy wants none. */
  readonly features: StrategyFeatures | undefined;
}

/** What a strategy sees of candles; the run writes the time, the best prices and the position. */
export type BarMarket = { -readonly [Name in keyof Market]: Market[Name] };

/** Of every run: nothing is ever written to it, and to make one takes longer than hundreds of candles. */
const NO_BOOK = createOrderBook();

/**
 * What a strategy on candles sees and does. Plain properties: getters would be closures of this run, which a strategy that is
 * run many times would be slowed by.
 */
export function createBarMarket(options: BarMarketOptions): BarMarket {
  const { scale, own, counts, listener, closeTicks, send, account = NO_ACCOUNT, features } = options;

  function place(request: OrderRequest): number {
    if (!mayPass(options, request, market)) return 0;
    counts.sent++;
    own.add(request);
    listener.onSend?.(request, closeTicks(), market.timeUs);
    send(request);
    return request.orderId;
  }

  const market: BarMarket = {
    timeUs: 0,
    book: NO_BOOK,
    // There is none; the best prices are assumed about the candle's.
    isBookValid: true,
    bookUs: 0,
    bidTicks: Number.NaN,
    askTicks: Number.NaN,
    positionSteps: 0,
    orders: own.orders,
    conditionalOrders: own.conditionalOrders,
    tickSize: scale.price.toNumber(1),
    stepSize: scale.qty.toNumber(1),
    placeLimit: (side, priceTicks, qtySteps, options = {}) =>
      place(limitRequest(counts.sent + 1, side, priceTicks, qtySteps, options)),
    placeMarket: (side, qtySteps, options = {}) => place(marketRequest(counts.sent + 1, side, qtySteps, options)),
    placeConditional: (side, terms) => placeConditional(options, side, terms, market),
    amend(orderId) {
      if (own.find(orderId) !== undefined) countRejected(counts, ERROR_CODES.unsupported);
    },
    positionOf: own.positionOf,
    feature(column) {
      if (features === undefined) throw noFeatures();
      return features.value(column);
    },
    areFeaturesValid: features === undefined,
    equity: account.equity,
    wallet: account.wallet,
    // Candles are of no one entry of a log, and nothing is kept.
    note() {},
    cancel(orderId) {
      if (!own.cancel(orderId)) return;
      listener.onCancelSent?.(orderId, market.timeUs);
      send(orderId);
    },
  };
  return market;
}
