import {
  becomesMarket,
  type ConditionalRequest,
  isReached,
  isTriggeredBy,
  malformedConditional,
  triggeredOrder,
  type WorkingType,
} from '../../../operators/matching/conditional-order.ts';
import { ApiError } from '../rest/api-error.ts';
import type { TradingMarket } from '../trading-market.ts';
import type { AlgoOrder, AlgoStatus } from './algo-order.ts';
import type { UserFeed } from './bookkeeping.ts';
import type { Listing, Listings } from './listing.ts';
import { checkFilters, markTicks, reducibleBy } from './order-checks.ts';
import type { OrderDesk } from './order-desk.ts';
import { refused } from './refusals.ts';
import type { OrderTicket, UserAccount, VenueOrder } from './user-account.ts';
import { algoUpdate } from './user-events.ts';

/** Conditional orders of one account over all symbols [change log of 2025-12]. */
const OPEN_ALGO_ORDERS_MAX = 200;

/** What is asked of the algo service. */
export interface AlgoTicket extends Omit<ConditionalRequest, 'orderId'> {
  readonly symbol: string;
  readonly clientAlgoId: string | undefined;
  readonly goodTillMs: number;
}

/** The algo service: keeps conditional orders, and makes ordinary ones of them when they are triggered. */
export interface AlgoDesk {
  /** Its margin is asked for when it is triggered, and not before. @throws ApiError */
  readonly place: (account: UserAccount, ticket: AlgoTicket) => AlgoOrder;
  readonly cancel: (account: UserAccount, algo: AlgoOrder) => void;
  /** Notes which orders a price triggers; `ticks` of a mark price may be off the grid. */
  readonly price: (account: UserAccount, symbol: string, workingType: WorkingType, ticks: number) => void;
  /** Sends those that were triggered, and ends those that are too old or have nothing left to close. */
  readonly turn: (account: UserAccount, nowMs: number) => void;
  /** An order that one has become has ended. */
  readonly ended: (account: UserAccount, order: VenueOrder, timeMs: number) => void;
}

export function algoDesk(listings: Listings, market: TradingMarket, desk: OrderDesk, feed: UserFeed): AlgoDesk {
  const listing = (symbol: string): Listing => listings.bySymbol.get(symbol) as Listing;
  /** Those that wait for a price, so that a trade finds at once that it concerns nobody. */
  const waiting = new Map<UserAccount, Set<AlgoOrder>>();
  const triggered = new Map<UserAccount, AlgoOrder[]>();
  const waitingOf = (account: UserAccount): Set<AlgoOrder> => {
    const found = waiting.get(account) ?? new Set<AlgoOrder>();
    waiting.set(account, found);
    return found;
  };

  const say = (account: UserAccount, algo: AlgoOrder, status: AlgoStatus, timeMs: number): void => {
    algo.status = status;
    algo.updatedMs = timeMs;
    if (status !== 'NEW') waiting.get(account)?.delete(algo);
    const order = account.orders.get(algo.actualOrderId);
    feed(account, 'ALGO_UPDATE', algoUpdate(listing(algo.symbol), algo, order, timeMs));
  };

  const lastOrMark = (symbol: string, workingType: WorkingType): number => {
    if (workingType === 'CONTRACT_PRICE') return market.lastTicks(symbol) ?? Number.NaN;
    return markTicks(listing(symbol), market.mark(symbol)?.markPriceE8);
  };

  const check = (account: UserAccount, ticket: AlgoTicket): void => {
    const open = waitingOf(account);
    const code = malformedConditional({ ...ticket, orderId: 0 });
    if (code !== 0) throw refused(code);
    if (open.size >= OPEN_ALGO_ORDERS_MAX) throw refused(-4045);
    const { symbol, side, positionSide, type, clientAlgoId } = ticket;
    if (clientAlgoId !== undefined && [...open].some((each) => each.clientAlgoId === clientAlgoId))
      throw refused(-4116);
    if (ticket.closesPosition) {
      if (reducibleBy(listings, account, ticket) === 0) throw refused(-4509);
      const isSame = (each: AlgoOrder): boolean =>
        each.closesPosition &&
        each.symbol === symbol &&
        each.side === side &&
        each.positionSide === positionSide &&
        each.type === type;
      if ([...open].some(isSame)) throw refused(-4130);
    } else if (!becomesMarket(ticket)) checkFilters(listing(symbol), market, { ...ticket, type: 'LIMIT' }, 0);
    if (isReached({ ...ticket, orderId: 0 }, lastOrMark(symbol, ticket.workingType))) throw refused(-2021);
  };

  /** Makes the ordinary order. */
  const send = (account: UserAccount, algo: AlgoOrder, nowMs: number): void => {
    algo.triggeredMs = nowMs;
    say(account, algo, 'TRIGGERING', nowMs);
    const { symbol, isPriceProtected } = algo;
    const mark = lastOrMark(symbol, 'MARK_PRICE');
    const apart = Math.abs(lastOrMark(symbol, 'CONTRACT_PRICE') - mark) / mark;
    if (isPriceProtected && apart > (listing(symbol).filters.triggerProtect ?? Number.POSITIVE_INFINITY)) {
      say(account, algo, 'EXPIRED', nowMs);
      return;
    }
    try {
      desk.place(account, ticketOf(algo, reducibleBy(listings, account, algo)), (order) => {
        algo.actualOrderId = order.orderId;
        say(account, algo, 'TRIGGERED', nowMs);
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      algo.failure = error.message;
      say(account, algo, 'REJECTED', nowMs);
    }
  };

  return {
    place: (account, ticket) => {
      const nowMs = Math.floor(market.catchUp());
      check(account, ticket);
      const orderId = desk.nextId();
      const isTrailingAtOnce = ticket.type === 'TRAILING_STOP_MARKET' && Number.isNaN(ticket.triggerTicks);
      const algo: AlgoOrder = {
        ...ticket,
        orderId,
        clientAlgoId: ticket.clientAlgoId ?? `venue-${orderId}`,
        peakTicks: isTrailingAtOnce ? lastOrMark(ticket.symbol, ticket.workingType) : Number.NaN,
        createdMs: nowMs,
        status: 'NEW',
        updatedMs: nowMs,
        triggeredMs: 0,
        actualOrderId: 0,
        failure: '',
      };
      account.algoOrders.set(orderId, algo);
      waitingOf(account).add(algo);
      say(account, algo, 'NEW', nowMs);
      return algo;
    },
    cancel: (account, algo) => say(account, algo, 'CANCELED', Math.floor(market.catchUp())),
    price: (account, symbol, workingType, ticks) => {
      for (const algo of waiting.get(account) ?? []) {
        if (algo.symbol !== symbol || algo.workingType !== workingType || !isTriggeredBy(algo, ticks)) continue;
        waitingOf(account).delete(algo);
        triggered.set(account, [...(triggered.get(account) ?? []), algo]);
      }
    },
    turn: (account, nowMs) => {
      const due = triggered.get(account) ?? [];
      triggered.delete(account);
      // One may have been cancelled since its price came.
      for (const algo of due) if (algo.status === 'NEW') send(account, algo, nowMs);
      for (const algo of waiting.get(account) ?? []) {
        const isOld = algo.goodTillMs !== 0 && algo.goodTillMs <= nowMs;
        const isDone = algo.closesPosition && reducibleBy(listings, account, algo) === 0;
        if (isOld || isDone) say(account, algo, 'EXPIRED', nowMs);
      }
    },
    ended: (account, order, timeMs) => {
      if (order.origType === order.type) return;
      for (const algo of account.algoOrders.values()) {
        if (algo.actualOrderId === order.orderId) say(account, algo, 'FINISHED', timeMs);
      }
    },
  };
}

function ticketOf(algo: AlgoOrder, reducibleSteps: number): OrderTicket {
  const { symbol, positionSide, clientAlgoId, goodTillMs, selfTrade, type: origType } = algo;
  const { side, type, timeInForce, priceTicks, qtySteps, isReduceOnly } = triggeredOrder(algo, reducibleSteps);
  return {
    symbol,
    side,
    positionSide,
    type,
    timeInForce,
    priceTicks: type === 'MARKET' ? 0 : priceTicks,
    qtySteps,
    isReduceOnly,
    isClosePosition: algo.closesPosition,
    clientOrderId: clientAlgoId,
    selfTradePrevention: selfTrade,
    goodTillMs,
    origType,
  };
}
