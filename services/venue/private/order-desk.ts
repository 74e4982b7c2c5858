import type { TradingListener, TradingMarket } from '../trading-market.ts';
import type { Bookkeeping } from './bookkeeping.ts';
import type { Listings } from './listing.ts';
import {
  checkFilters,
  checkMargin,
  checkTicket,
  marketOrder,
  reduces,
  reducibleBy,
  wouldTake,
} from './order-checks.ts';
import { refused } from './refusals.ts';
import {
  clientKey,
  type OrderStatus,
  type OrderTicket,
  trimHistory,
  type UserAccount,
  type VenueOrder,
} from './user-account.ts';

/** Takes the orders of accounts, brings them into the market and books what becomes of them. */
export interface OrderDesk {
  /** All that `place` does but the order itself. @throws ApiError */
  readonly check: (account: UserAccount, ticket: OrderTicket) => void;
  /**
   * @param onNew told when it has been accepted, before it comes into the market
   * @throws ApiError where the order is refused
   */
  readonly place: (account: UserAccount, ticket: OrderTicket, onNew?: (order: VenueOrder) => void) => VenueOrder;
  /** @param timeMs the present, where it is not said; it must be said while the market is heard */
  readonly cancel: (account: UserAccount, order: VenueOrder, timeMs?: number) => void;
  /** Goes to the end of its new queue, as Binance does it. @throws ApiError */
  readonly amend: (account: UserAccount, order: VenueOrder, priceTicks: number, qtySteps: number) => void;
  /** Expires orders that were good till a date. */
  readonly expireOld: (account: UserAccount, nowMs: number) => void;
  readonly fill: TradingListener['onFill'];
  readonly expired: TradingListener['onExpired'];
  /** A number that no order had before. */
  readonly nextId: () => number;
  /** Told of each order that is open no more. */
  onEnd: (account: UserAccount, order: VenueOrder, timeMs: number) => void;
}

export function orderDesk(listings: Listings, market: TradingMarket, books: Bookkeeping, firstId: number): OrderDesk {
  const owners = new Map<number, UserAccount>();
  let lastId = firstId;
  const now = (): number => Math.floor(market.catchUp());

  const end = (account: UserAccount, order: VenueOrder, status: OrderStatus, timeMs: number): void => {
    books.unrest(account, order, order.restingSteps, timeMs);
    order.status = status;
    order.updatedMs = timeMs;
    account.open.delete(order.orderId);
    books.tellOrder(account, order, { type: status === 'CANCELED' ? 'CANCELED' : 'EXPIRED', timeMs });
    closed(account, order, timeMs);
  };
  const closed = (account: UserAccount, order: VenueOrder, timeMs: number): void => {
    owners.delete(order.orderId);
    desk.onEnd(account, order, timeMs);
  };

  /** Orders that only reduce stand in the market with no more than there is to reduce. */
  const capReducing = (account: UserAccount, changed: VenueOrder, timeMs: number): void => {
    for (const order of [...account.open.values()]) {
      const isSame = order.symbol === changed.symbol && order.positionSide === changed.positionSide;
      if (!isSame || order.restingSteps === 0 || !reduces(order)) continue;
      const most = reducibleBy(listings, account, order);
      if (order.restingSteps <= most) continue;
      if (most === 0) {
        market.cancel(order.symbol, order.orderId);
        end(account, order, 'EXPIRED', timeMs);
        continue;
      }
      market.reduceTo(order.symbol, order.orderId, most);
      books.unrest(account, order, order.restingSteps - most, timeMs);
    }
  };

  /** Brings what is left of an order into the market. */
  const send = (account: UserAccount, order: VenueOrder, nowMs: number): void => {
    const asked = marketOrder(listings, account, order, order.qtySteps - order.filledSteps);
    const resting = asked.qtySteps === 0 ? 0 : market.place(asked);
    if (!account.open.has(order.orderId)) return;
    if (resting > 0) {
      books.rest(account, order, resting, nowMs);
      capReducing(account, order, nowMs);
    } else end(account, order, 'EXPIRED', nowMs);
  };

  const desk: OrderDesk = {
    nextId: () => ++lastId,
    onEnd: () => {},
    check: (account, ticket) => {
      now();
      checkTicket(listings, market, account, ticket);
    },
    place: (account, ticket, onNew) => {
      const nowMs = now();
      desk.check(account, ticket);
      const orderId = desk.nextId();
      const { clientOrderId = `venue-${orderId}`, ...rest } = ticket;
      const order: VenueOrder = {
        ...rest,
        orderId,
        clientOrderId,
        status: 'NEW',
        filledSteps: 0,
        filledTickSteps: 0,
        restingSteps: 0,
        createdMs: nowMs,
        updatedMs: nowMs,
      };
      if (order.timeInForce === 'GTX' && wouldTake(market, order, order.priceTicks)) throw refused(-5022);
      if (order.timeInForce === 'FOK') {
        const asked = marketOrder(listings, account, order, order.qtySteps);
        if (market.offeredSteps(asked) < asked.qtySteps) throw refused(-5021);
      }
      account.orders.set(orderId, order);
      account.open.set(orderId, order);
      account.byClientId.set(clientKey(order.symbol, clientOrderId), order);
      owners.set(orderId, account);
      onNew?.(order);
      books.tellOrder(account, order, { type: 'NEW', timeMs: nowMs });
      send(account, order, nowMs);
      return order;
    },
    cancel: (account, order, timeMs = now()) => {
      market.cancel(order.symbol, order.orderId);
      end(account, order, 'CANCELED', timeMs);
    },
    amend: (account, order, priceTicks, qtySteps) => {
      const nowMs = now();
      if (!account.open.has(order.orderId)) throw refused(-2013);
      if (priceTicks === order.priceTicks && qtySteps === order.qtySteps) throw refused(-5027);
      checkFilters(books.listing(order.symbol), market, { ...order, priceTicks, qtySteps }, 0);
      const isOver = qtySteps <= order.filledSteps;
      const isTaker = order.timeInForce === 'GTX' && wouldTake(market, order, priceTicks);
      if (isOver || isTaker) {
        market.cancel(order.symbol, order.orderId);
        end(account, order, 'CANCELED', nowMs);
        return;
      }
      const { restingSteps } = order;
      // Its own margin is there for it again.
      books.unrest(account, order, restingSteps, nowMs);
      try {
        checkMargin(listings, market, account, { ...order, priceTicks, qtySteps: qtySteps - order.filledSteps });
      } catch (error) {
        books.rest(account, order, restingSteps, nowMs);
        throw error;
      }
      market.cancel(order.symbol, order.orderId);
      const before = { priceTicks: order.priceTicks, qtySteps: order.qtySteps };
      const count = (account.amendments.findLast((each) => each.order === order)?.count ?? 0) + 1;
      const id = desk.nextId();
      account.amendments.push({ id, order, timeMs: nowMs, before, after: { priceTicks, qtySteps }, count });
      trimHistory(account);
      order.priceTicks = priceTicks;
      order.qtySteps = qtySteps;
      order.updatedMs = nowMs;
      books.tellOrder(account, order, { type: 'AMENDMENT', timeMs: nowMs });
      send(account, order, nowMs);
    },
    expireOld: (account, nowMs) => {
      for (const order of [...account.open.values()]) {
        if (order.goodTillMs === 0 || order.goodTillMs > nowMs) continue;
        market.cancel(order.symbol, order.orderId);
        end(account, order, 'EXPIRED', nowMs);
      }
    },
    fill: (fill) => {
      const account = owners.get(fill.orderId);
      const order = account?.open.get(fill.orderId);
      if (account === undefined || order === undefined) return;
      const heard = { ...fill, timeMs: Math.floor(fill.timeMs) };
      books.fill(account, order, heard);
      const isOpen = account.open.has(order.orderId);
      if (!isOpen) closed(account, order, heard.timeMs);
      // The part that was more than the position had is gone with the part that stood in the market.
      else if (fill.isMaker && order.restingSteps === 0) end(account, order, 'EXPIRED', heard.timeMs);
      capReducing(account, order, heard.timeMs);
    },
    expired: (orderId, why, timeMs) => {
      const account = owners.get(orderId);
      const order = account?.open.get(orderId);
      if (account === undefined || order === undefined) return;
      end(account, order, why === 'match' ? 'EXPIRED_IN_MATCH' : 'EXPIRED', Math.floor(timeMs));
    },
  };

  return desk;
}
