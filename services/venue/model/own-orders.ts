import type { MarketOrder, TradingListener } from '../trading-market.ts';
import type { ModelTrade } from './agg-trades.ts';
import {
  cancelOrder,
  type MatchingListener,
  type Meeting,
  offeredSteps,
  placeLimit,
  placeMarket,
} from './matching/matching.ts';
import { type OrderBook, type RestingOrder, reduceOrder, type Side } from './matching/order-book.ts';

const MEETINGS = {
  EXPIRE_TAKER: 'expire-taker',
  EXPIRE_MAKER: 'expire-maker',
  EXPIRE_BOTH: 'expire-both',
} as const;

/** Orders of accounts in a model's book, among those of the flow: they stand in its queues and take from it as any other. */
export interface OwnOrders {
  /** @returns the steps that rest */
  readonly place: (order: MarketOrder, nowMs: number) => number;
  readonly offeredSteps: (order: MarketOrder) => number;
  readonly cancel: (orderId: number) => void;
  readonly reduceTo: (orderId: number, leftSteps: number) => void;
  /** To be told of each fill in the book. */
  readonly filled: (maker: RestingOrder, qtySteps: number, trade: ModelTrade) => void;
}

/** @param hears undefined as long as nobody trades */
export function ownOrders(
  symbol: string,
  book: OrderBook,
  listener: MatchingListener,
  nextBookId: () => number,
  hears: () => TradingListener | undefined,
): OwnOrders {
  /** By the id in the book. */
  const resting = new Map<number, MarketOrder>();
  const bookIds = new Map<number, number>();
  let taker: MarketOrder | undefined;

  const forget = (bookId: number): void => {
    bookIds.delete(resting.get(bookId)?.orderId ?? 0);
    resting.delete(bookId);
  };
  const meet = (order: MarketOrder, maker: RestingOrder, nowMs: number): Meeting => {
    const other = resting.get(maker.id);
    if (other === undefined || other.owner !== order.owner || order.selfTradePrevention === 'NONE') return 'trade';
    const mode = order.selfTradePrevention;
    if (mode !== 'EXPIRE_TAKER') {
      forget(maker.id);
      hears()?.onExpired(other.orderId, 'match', nowMs);
    }
    if (mode !== 'EXPIRE_MAKER') hears()?.onExpired(order.orderId, 'match', nowMs);
    return MEETINGS[mode];
  };

  return {
    place: (order, nowMs) => {
      const side: Side = order.side === 'buy' ? 'bid' : 'ask';
      const hook: MatchingListener = { ...listener, onMeet: (maker) => meet(order, maker, nowMs) };
      const id = nextBookId();
      taker = order;
      const { limitTicks: priceTicks, qtySteps } = order;
      const { restingSteps } =
        priceTicks === undefined
          ? placeMarket(book, side, qtySteps, hook)
          : placeLimit(book, { id, side, priceTicks, qtySteps, timeInForce: order.rests ? 'GTC' : 'IOC' }, hook);
      taker = undefined;
      if (restingSteps > 0) {
        resting.set(id, order);
        bookIds.set(order.orderId, id);
      }
      return restingSteps;
    },
    offeredSteps: ({ owner, side, limitTicks, qtySteps, selfTradePrevention }) =>
      offeredSteps(
        book,
        side === 'buy' ? 'bid' : 'ask',
        limitTicks,
        qtySteps,
        ({ id }) => selfTradePrevention === 'NONE' || resting.get(id)?.owner !== owner,
      ),
    cancel: (orderId) => {
      const bookId = bookIds.get(orderId);
      if (bookId === undefined) return;
      forget(bookId);
      cancelOrder(book, bookId, listener);
    },
    reduceTo: (orderId, leftSteps) => {
      const order = book.orders.get(bookIds.get(orderId) ?? 0);
      if (order === undefined || order.qtySteps <= leftSteps) return;
      reduceOrder(book, order, order.qtySteps - leftSteps);
      const half = order.side === 'bid' ? book.bids : book.asks;
      listener.onLevel(order.side, order.priceTicks, half.levels.get(order.priceTicks)?.qtySteps ?? 0);
    },
    filled: (maker, qtySteps, trade) => {
      const heard = hears();
      if (heard === undefined) return;
      const { priceTicks, timeMs, id: tradeId } = trade;
      const order = resting.get(maker.id);
      const fill = { tradeId, priceTicks, qtySteps, timeMs };
      if (order !== undefined) {
        // The book takes the fill off it after this.
        if (maker.qtySteps === qtySteps) forget(maker.id);
        heard.onFill({ ...fill, orderId: order.orderId, isMaker: true });
      }
      if (taker !== undefined) heard.onFill({ ...fill, orderId: taker.orderId, isMaker: false });
      heard.onTrade(symbol, priceTicks);
    },
  };
}
