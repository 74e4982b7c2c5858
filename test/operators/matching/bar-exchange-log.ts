import {
  type BarExchange,
  type BarRules,
  beginBar,
  cancelBarOrder,
  createBarExchange,
  placeBarConditional,
  placeBarOrder,
} from '../../../operators/matching/bar-exchange.ts';
import { passPrices } from '../../../operators/matching/bar-path.ts';
import type { ConditionalRequest } from '../../../operators/matching/conditional-order.ts';
import type { ExchangeListener, OrderRequest, OrderSide } from '../../../operators/matching/order.ts';
import { STOP } from './exchange-log.ts';

/** A spread of 2 ticks, 10 bps of slippage: at 1,000 a buyer pays 1,002 and a seller gets 998. */
export const RULES: BarRules = { assumptions: { spreadTicks: 2, slippageBps: 10, volumeShare: 0.1 } };

export interface LoggedBarExchange {
  readonly exchange: BarExchange;
  /** What was said since the last call. */
  said(): string[];
  limit(orderId: number, side: OrderSide, priceTicks: number, more?: Partial<OrderRequest>): void;
  market(orderId: number, side: OrderSide, qtySteps: number, isReduceOnly?: boolean): void;
  /** A stop to sell 10 at the market at 990, reduce-only, where not said otherwise. */
  conditional(request: Partial<ConditionalRequest> & { readonly orderId: number }): void;
  /** @param open 1,000 where not said */
  pass(low: number, high: number, close: number, open?: number): void;
  cancel(orderId: number): void;
  /** The next candle of this volume. */
  begin(volume: number): void;
  readonly listener: ExchangeListener;
}

/** An exchange in a candle of so much volume that opens at 1,000; orders are of 10 steps. */
export function loggedBarExchange(volume = 1_000, rules = RULES): LoggedBarExchange {
  const exchange = createBarExchange();
  let log: string[] = [];
  const listener: ExchangeListener = {
    onAccepted: () => {},
    onRest: (id, price, left) => log.push(`${id} rests ${left} at ${price}`),
    onFill: ({ orderId: id }, price, qty, kind, isLast) =>
      log.push(`${id} ${kind} ${qty} at ${price}${isLast ? ', filled' : ''}`),
    onEnd: (id, end, code) => log.push(`${id} ${end}${code === 0 ? '' : ` ${code}`}`),
    onTriggered: ({ orderId: id, type, qtySteps }) => log.push(`${id} triggered, ${type} ${qtySteps}`),
    onUnknown: (id, code) => log.push(`${id} unknown ${code}`),
  };
  beginBar(exchange, rules, volume);
  const place = (request: Omit<OrderRequest, 'timeInForce' | 'isReduceOnly'> & Partial<OrderRequest>): void =>
    placeBarOrder(exchange, rules, { timeInForce: 'GTC', isReduceOnly: false, ...request }, 1_000, listener);
  return {
    exchange,
    listener,
    said() {
      const said = log;
      log = [];
      return said;
    },
    limit: (orderId, side, priceTicks, more) =>
      place({ orderId, side, type: 'LIMIT', priceTicks, qtySteps: 10, ...more }),
    market: (orderId, side, qtySteps, isReduceOnly = false) =>
      place({ orderId, side, type: 'MARKET', priceTicks: Number.NaN, qtySteps, isReduceOnly }),
    conditional: (request) =>
      placeBarConditional(
        exchange,
        { ...STOP, triggerTicks: 990, qtySteps: 10, isReduceOnly: true, ...request },
        1_000,
        listener,
      ),
    pass: (low, high, close, open = 1_000) => passPrices(exchange, rules, { open, low, high, close }, listener),
    cancel: (orderId) => cancelBarOrder(exchange, orderId, listener),
    begin: (next) => beginBar(exchange, rules, next),
  };
}
