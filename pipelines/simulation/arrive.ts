import { amendOrder } from '../../operators/matching/amend-order.ts';
import { ERROR_CODES } from '../../operators/matching/error-codes.ts';
import type { ExchangeListener, OrderRequest } from '../../operators/matching/order.ts';
import { placeOrder } from '../../operators/matching/place-order.ts';
import {
  cancelOrder,
  type ExchangeRules,
  endOrder,
  placeConditionalOrder,
  type RecordedExchange,
  settle,
} from '../../operators/matching/recorded-exchange.ts';
import type { MessageQueue } from './message-queue.ts';
import type { Message } from './strategy-market.ts';

/** An order may rest up to a time that is farther off. */
const GOOD_TILL_LEAST_US = 600_000_000;

/**
 * A message has come to the exchange.
 * @param nowUs at the exchange
 * @param messages on their way, to which the end of what rests up to a time is added
 */
export function arrive(
  exchange: RecordedExchange,
  rules: ExchangeRules,
  message: Message,
  nowUs: number,
  messages: MessageQueue<Message>,
  listener: ExchangeListener,
): void {
  if (typeof message === 'number') cancelOrder(exchange, message, listener);
  else
    switch (message.type) {
      case 'LIMIT':
      case 'MARKET':
        if (message.timeInForce !== 'GTD') placeOrder(exchange, rules, message, listener);
        else if (!isFarEnough(message, nowUs)) listener.onEnd(message.orderId, 'REJECTED', ERROR_CODES.goodTillTooSoon);
        else {
          placeOrder(exchange, rules, message, listener);
          messages.push(goodTillUs(message), { type: 'EXPIRY', orderId: message.orderId });
        }
        break;
      case 'CONDITIONAL':
        placeConditionalOrder(exchange, rules, message.request, listener);
        break;
      case 'AMEND':
        amendOrder(exchange, rules, message.request, listener);
        break;
      case 'EXPIRY':
        endOrder(exchange, message.orderId, 'EXPIRED', listener);
    }
  settle(exchange, rules, listener);
}

function isFarEnough({ goodTillMs = Number.NaN }: OrderRequest, nowUs: number): boolean {
  return goodTillMs * 1_000 > nowUs + GOOD_TILL_LEAST_US;
}

/** Binance keeps whole seconds of it. */
function goodTillUs({ goodTillMs = Number.NaN }: OrderRequest): number {
  return Math.floor(goodTillMs / 1_000) * 1_000_000;
}
