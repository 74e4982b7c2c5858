import type { OrderFact } from '../../../operators/ledger/ledger-event.ts';
import type { OrderRequest } from '../../../operators/matching/order.ts';

/** An order of a live session that has not ended, as far as the exchange has said. */
export interface LiveOrder {
  readonly request: OrderRequest;
  readonly clientOrderId: string;
  /** The exchange's number; null: it has not said that it has the order. */
  exchangeId: string | null;
  filledSteps: number;
  readonly tradeIds: Set<string>;
}

/** The orders of a live session that have not ended, by their numbers. */
export interface LiveOrders {
  readonly open: ReadonlyMap<number, LiveOrder>;
  add(request: OrderRequest, clientOrderId: string): void;
  /** Whether it says something that is not known yet. What is said of an order that has ended is not. */
  isNews(orderId: number, fact: OrderFact): boolean;
  /** Takes in news. @returns whether nothing more comes of the order */
  take(orderId: number, fact: OrderFact): boolean;
}

export function createLiveOrders(): LiveOrders {
  const open = new Map<number, LiveOrder>();
  return {
    open,
    add(request, clientOrderId) {
      open.set(request.orderId, { request, clientOrderId, exchangeId: null, filledSteps: 0, tradeIds: new Set() });
    },
    isNews(orderId, fact) {
      const order = open.get(orderId);
      if (order === undefined) return false;
      if (fact.type === 'accepted') return order.exchangeId === null;
      return fact.type === 'ended' || !order.tradeIds.has(fact.tradeId);
    },
    take(orderId, fact) {
      const order = open.get(orderId)!;
      if (fact.type === 'accepted') order.exchangeId = fact.exchangeId;
      if (fact.type === 'filled') {
        order.tradeIds.add(fact.tradeId);
        order.filledSteps += fact.qtySteps;
      }
      const isOver = fact.type === 'ended' || order.filledSteps >= order.request.qtySteps;
      if (isOver) open.delete(orderId);
      return isOver;
    },
  };
}
