import type { PositionSide } from '../../operators/account/account-event.ts';
import { bestTick } from '../../operators/book/ladder.ts';
import type { OrderBook } from '../../operators/book/order-book.ts';
import type { ConditionalRequest } from '../../operators/matching/conditional-order.ts';
import type { AmendRequest, OrderRequest, OrderSide } from '../../operators/matching/order.ts';
import { type ConditionalTerms, conditionalRequest } from './conditional-terms.ts';
import { judgedConditional, limitRequest, marketRequest } from './order-requests.ts';
import type { OwnOrders } from './own-orders.ts';
import {
  type AccountFigures,
  NO_ACCOUNT,
  type SimulationCounts,
  type SimulationListener,
} from './simulation-listener.ts';
import type { Market } from './strategy.ts';
import { noFeatures, type StrategyFeatures } from './strategy-features.ts';

/** What is on its way to the exchange: an order, the number of one to be cancelled, or, more seldom, one of the others. */
export type Message =
  | number
  | OrderRequest
  | { readonly type: 'CONDITIONAL'; readonly request: ConditionalRequest }
  | { readonly type: 'AMEND'; readonly request: AmendRequest }
  /** Up to when an order rests. */
  | { readonly type: 'EXPIRY'; readonly orderId: number };

/** Asked before an order is sent. @returns what stops it, such as `position`; null: nothing */
export type OrderGuard = (order: OrderRequest, market: Market) => string | null;

/** The strategy's now, and what it knows of the market's scale. Plain properties: they are written with every event. */
export interface StrategyClock {
  timeUs: number;
  /** When the book was last told of. */
  bookUs: number;
  /** When positions that are to be closed are looked at again; Infinity: none are. */
  flattenUs: number;
  tickSize: number;
  stepSize: number;
}

export interface StrategyMarketOptions {
  readonly clock: StrategyClock;
  readonly book: OrderBook;
  readonly own: OwnOrders;
  readonly counts: SimulationCounts;
  readonly guard: OrderGuard | undefined;
  readonly listener: SimulationListener;
  readonly midAtExchange: () => number;
  /** On its way from now on. */
  readonly send: (message: Message) => void;
  readonly features: () => StrategyFeatures | undefined;
  /** None where not said. */
  readonly account?: AccountFigures | undefined;
  /** Entry of the log that the strategy was told of last. */
  readonly entryId: () => string;
}

/** What a strategy sees and does, and what is done for it past the guard. */
export interface StrategyMarket {
  readonly market: Market;
  /** Cancels every order; where `flattens`, closes the positions too. */
  halt(flattens: boolean): void;
  /** Closes what there is of positions; to be called again when `flattenUs` of the clock has come. */
  flatten(): void;
  resume(): void;
}

/** A position that was to be closed may not have been: orders that were under way were filled, or nothing was offered. */
const FLATTEN_EVERY_US = 1_000_000;
const POSITION_SIDES: readonly PositionSide[] = ['BOTH', 'LONG', 'SHORT'];

/** Whether the guard lets an order through; where not, that is counted and told. */
export function mayPass(
  { guard, counts, listener }: Pick<StrategyMarketOptions, 'guard' | 'counts' | 'listener'>,
  request: OrderRequest,
  market: Market,
): boolean {
  const stopped = guard === undefined ? null : guard(request, market);
  if (stopped === null) return true;
  counts.stopped[stopped] = (counts.stopped[stopped] ?? 0) + 1;
  listener.onStopped?.(request, stopped, market.timeUs);
  return false;
}

/** Sends a conditional order where the guard lets it through. @returns its number; 0: it was stopped */
export function placeConditional(
  options: Pick<StrategyMarketOptions, 'guard' | 'counts' | 'listener' | 'own' | 'send'>,
  side: OrderSide,
  terms: ConditionalTerms,
  market: Market,
): number {
  const { counts, own, listener, send } = options;
  const request = conditionalRequest(counts.sent + 1, side, terms);
  const judged = judgedConditional(request, own.positionOf(request.positionSide));
  if (!mayPass(options, judged, market)) return 0;
  counts.sent++;
  own.addConditional(request);
  listener.onConditionalSent?.(request, market.timeUs);
  send({ type: 'CONDITIONAL', request });
  return request.orderId;
}

export function createStrategyMarket(options: StrategyMarketOptions): StrategyMarket {
  const {
    clock,
    book,
    own,
    counts,
    guard,
    listener,
    midAtExchange,
    send,
    features,
    account = NO_ACCOUNT,
    entryId,
  } = options;

  function place(request: OrderRequest): number {
    return guard === undefined || mayPass(options, request, market) ? sendOrder(request) : 0;
  }

  function sendOrder(request: OrderRequest): number {
    counts.sent++;
    own.add(request);
    listener.onSend?.(request, midAtExchange(), clock.timeUs);
    send(request);
    return request.orderId;
  }

  const market: Market = {
    get timeUs() {
      return clock.timeUs;
    },
    book,
    get isBookValid() {
      return book.invalidity === null;
    },
    get bookUs() {
      return clock.bookUs;
    },
    get bidTicks() {
      return bestTick(book.bids);
    },
    get askTicks() {
      return bestTick(book.asks);
    },
    get positionSteps() {
      return own.positionSteps;
    },
    get orders() {
      return own.orders;
    },
    get conditionalOrders() {
      return own.conditionalOrders;
    },
    get tickSize() {
      return clock.tickSize;
    },
    get stepSize() {
      return clock.stepSize;
    },
    placeLimit: (side, priceTicks, qtySteps, options = {}) =>
      place(limitRequest(counts.sent + 1, side, priceTicks, qtySteps, options)),
    placeMarket: (side, qtySteps, options = {}) => place(marketRequest(counts.sent + 1, side, qtySteps, options)),
    placeConditional: (side, terms) => placeConditional(options, side, terms, market),
    amend(orderId, change) {
      const order = own.find(orderId);
      if (order === undefined) return;
      const { priceTicks = order.priceTicks, qtySteps = order.qtySteps } = change;
      const { side, isReduceOnly, positionSide } = order;
      // The guard judges it as a new order in the place of the one that has its number.
      const judged = limitRequest(orderId, side, priceTicks, qtySteps, { isReduceOnly, positionSide });
      if (!mayPass(options, judged, market)) return;
      const request = { orderId, priceTicks, qtySteps };
      own.sendAmend(orderId, qtySteps);
      listener.onAmendSent?.(request, clock.timeUs);
      send({ type: 'AMEND', request });
    },
    cancel(orderId) {
      if (!own.cancel(orderId)) return;
      listener.onCancelSent?.(orderId, clock.timeUs);
      send(orderId);
    },
    positionOf: own.positionOf,
    get areFeaturesValid() {
      return features()?.areValid ?? true;
    },
    feature(column) {
      const found = features();
      if (found === undefined) throw noFeatures();
      return found.value(column);
    },
    equity: account.equity,
    wallet: account.wallet,
    note: (decision) => listener.onDecision?.(decision, clock.timeUs, entryId()),
  };

  function flatten(): void {
    clock.flattenUs = clock.timeUs + FLATTEN_EVERY_US;
    for (const positionSide of POSITION_SIDES) {
      const steps = own.positionOf(positionSide);
      const side = steps > 0 ? 'sell' : 'buy';
      const isReduceOnly = positionSide === 'BOTH';
      if (steps !== 0) sendOrder(marketRequest(counts.sent + 1, side, Math.abs(steps), { isReduceOnly, positionSide }));
    }
  }

  return {
    market,
    halt(flattens) {
      for (const { orderId } of [...own.orders, ...own.conditionalOrders]) market.cancel(orderId);
      if (flattens) flatten();
    },
    flatten,
    resume() {
      clock.flattenUs = Number.POSITIVE_INFINITY;
    },
  };
}
