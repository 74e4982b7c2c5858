import { amendOrder } from '../../../operators/matching/amend-order.ts';
import type { ConditionalRequest } from '../../../operators/matching/conditional-order.ts';
import type { AmendRequest, ExchangeListener, OrderRequest } from '../../../operators/matching/order.ts';
import { placeOrder } from '../../../operators/matching/place-order.ts';
import { QUEUE_MODELS } from '../../../operators/matching/queue-model.ts';
import {
  cancelOrder,
  createRecordedExchange,
  type ExchangeRules,
  exchangeEvent,
  placeConditionalOrder,
  type RecordedExchange,
} from '../../../operators/matching/recorded-exchange.ts';
import type { MarketEvent } from '../../../streams/events/decoder.ts';
import { diff, instrument, type Level, snapshot } from '../market-events.ts';

/** An exchange whose answers are written down as text. */
export interface LoggedExchange {
  readonly exchange: RecordedExchange;
  /** What was said since the last call. */
  said(): string[];
  event(event: MarketEvent): void;
  /** The next diff of the book. */
  depth(bids: readonly Level[], asks?: readonly Level[]): void;
  place(request: Partial<OrderRequest> & { readonly orderId: number }): void;
  /** A stop to sell 4 at the market at 98, where not said otherwise. */
  conditional(request: Partial<ConditionalRequest> & { readonly orderId: number }): void;
  amend(request: AmendRequest): void;
  cancel(orderId: number): void;
}

/** A stop to sell 4 at the market at 98. */
export const STOP: ConditionalRequest = {
  orderId: 1,
  side: 'sell',
  positionSide: 'BOTH',
  type: 'STOP_MARKET',
  triggerTicks: 98,
  priceTicks: Number.NaN,
  timeInForce: 'GTC',
  qtySteps: 4,
  callbackRate: Number.NaN,
  workingType: 'CONTRACT_PRICE',
  closesPosition: false,
  isReduceOnly: false,
  isPriceProtected: false,
  selfTrade: 'NONE',
};

/** A book of 100 ticks (10 steps) against 102 (7), with levels of 20 behind them. */
export function loggedExchange(
  queue = 'risk-averse',
  fills: ExchangeRules['fills'] = 'partial',
  more: Partial<ExchangeRules> = {},
): LoggedExchange {
  const exchange = createRecordedExchange();
  const rules: ExchangeRules = { queue: QUEUE_MODELS[queue]!, fills, ...more };
  let log: string[] = [];
  let u = 1;
  const listener: ExchangeListener = {
    onAccepted: (id) => log.push(`${id} accepted`),
    onFill: ({ orderId: id }, price, qty, kind, isLast) =>
      log.push(`${id} ${kind} ${qty} at ${price}${isLast ? ', filled' : ''}`),
    onEnd: (id, end, code) => log.push(`${id} ${end}${code === 0 ? '' : ` ${code}`}`),
    onUnknown: (id, code) => log.push(`${id} unknown ${code}`),
    onTriggered: ({ orderId: id, type, qtySteps }) => log.push(`${id} triggered, ${type} ${qtySteps}`),
    onAmended: (id, price, left) => log.push(`${id} amended, ${left} at ${price}`),
    onAmendRejected: (id, code) => log.push(`${id} not amended ${code}`),
  };
  const event = (told: MarketEvent): void => {
    exchangeEvent(exchange, rules, told, listener);
  };
  event(instrument());
  const bids: readonly Level[] = [
    [100, 10],
    [99, 20],
    [98, 20],
  ];
  const asks: readonly Level[] = [
    [102, 7],
    [103, 20],
    [104, 20],
  ];
  event(snapshot(1, bids, asks));
  const logged: LoggedExchange = {
    exchange,
    said() {
      const said = log;
      log = [];
      return said;
    },
    event,
    depth(changedBids, changedAsks = []) {
      event(diff([u, u + 1], changedBids, changedAsks));
      u++;
    },
    place: (request) =>
      placeOrder(
        exchange,
        rules,
        {
          side: 'buy',
          type: 'LIMIT',
          timeInForce: 'GTC',
          priceTicks: 100,
          qtySteps: 4,
          isReduceOnly: false,
          ...request,
        },
        listener,
      ),
    conditional: (request) => placeConditionalOrder(exchange, rules, { ...STOP, ...request }, listener),
    amend: (request) => amendOrder(exchange, rules, request, listener),
    cancel: (orderId) => cancelOrder(exchange, orderId, listener),
  };
  logged.depth([]);
  return logged;
}
