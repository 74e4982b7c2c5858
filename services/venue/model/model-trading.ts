import type { TradingListener, TradingMarket } from '../trading-market.ts';
import { bestLevel } from './matching/order-book.ts';
import { inE8, type SymbolMarket } from './symbol-market.ts';

/** The model's books as the place where accounts trade: price-time priority, in the same queues as the flow's orders. */
export function modelTrading(model: {
  readonly market: (symbol: string) => SymbolMarket;
  /** @returns the model's time after it */
  readonly catchUp: () => number;
  readonly begin: (listener: TradingListener) => void;
}): TradingMarket {
  const { market, catchUp, begin } = model;
  return {
    begin,
    catchUp,
    mark: (symbol) => {
      const latest = market(symbol).mark.latest();
      return latest === undefined ? undefined : { markPriceE8: inE8(latest.markPrice), timeMs: latest.timeMs };
    },
    lastTicks: (symbol) => market(symbol).lastTicks(),
    bestTicks: (symbol, side) => {
      const { bids, asks } = market(symbol).book;
      return bestLevel(side === 'buy' ? bids : asks)?.priceTicks;
    },
    offeredSteps: (order) => market(order.symbol).act(catchUp(), (own) => own.offeredSteps(order)),
    place: (order) => market(order.symbol).act(catchUp(), (own, nowMs) => own.place(order, nowMs)),
    cancel: (symbol, orderId) => market(symbol).act(0, (own) => own.cancel(orderId)),
    reduceTo: (symbol, orderId, leftSteps) => market(symbol).act(0, (own) => own.reduceTo(orderId, leftSteps)),
  };
}
