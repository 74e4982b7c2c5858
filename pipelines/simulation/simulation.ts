import { bestTick } from '../../operators/book/ladder.ts';
import { createOrderBook, evolveOrderBook } from '../../operators/book/order-book.ts';
import type { Parameters } from '../../operators/features/definition.ts';
import type { LatencyModel } from '../../operators/matching/latency.ts';
import type { ExchangeListener, OrderRequest, OrderSide } from '../../operators/matching/order.ts';
import {
  cancelAllOrders,
  cancelOrder,
  createRecordedExchange,
  type ExchangeRules,
  exchangeEvent,
  placeOrder,
} from '../../operators/matching/recorded-exchange.ts';
import type { Random } from '../../operators/random.ts';
import { openTapeReader, type TapeReader } from '../../streams/tape/read-tape.ts';
import { type Tape, TRADE } from '../../streams/tape/tape.ts';
import { createExchangeOrder } from './exchange-order.ts';
import { createMessageQueue } from './message-queue.ts';
import { createOwnOrders } from './own-orders.ts';
import type { SimulationCounts, SimulationListener } from './simulation-listener.ts';
import type { Market, Strategy, StrategyDefinition, StrategyEvent } from './strategy.ts';
import { createStrategyFeed } from './strategy-feed.ts';

export interface SimulationOptions {
  readonly strategy: StrategyDefinition;
  readonly parameters: Parameters;
  readonly rules: ExchangeRules;
  readonly latency: LatencyModel;
  /** The run's own, so that it can be repeated. */
  readonly random: Random;
  /** By how much the recorder's clock is behind the exchange's, µs; 0 where not said. */
  readonly skewUs?: number;
  /** When the first timer is due, µs; the first multiple of its length since the epoch where not said. */
  readonly timerFromUs?: number;
  readonly listener?: SimulationListener;
}

/** A strategy against a recorded market. */
export interface Simulation {
  /** The next part of the tape, in log order. */
  push(tape: Tape): void;
  /** The recording has ended: what is on its way arrives. */
  end(): void;
  /** The exchange cancels all orders and closes the position, which the strategy hears of like of a fill. */
  liquidate(side: OrderSide, qtySteps: number, priceTicks: number): void;
  readonly market: Market;
  readonly counts: SimulationCounts;
}

/** On its way to the exchange. */
type Message = { readonly place: OrderRequest } | { readonly cancel: number };

/** On its way back: what it does to the strategy's own view, and whom it tells. */
type Answer = () => void;

/**
 * Runs a strategy against a recorded market with two clocks: the exchange's, at which depth and trades happened and orders
 * arrive, and the strategy's own, at which it is told of them. It sees the market when the recorder did, its orders take
 * their way to the exchange and the answers theirs back. Deterministic: the same tape, parameters and random numbers give
 * the same run, in whatever parts the tape comes.
 *
 * Of equal times the exchange's events come first, then orders that arrive, then answers, then what the strategy is told of
 * the market, then its timer.
 */
export function createSimulation(options: SimulationOptions): Simulation {
  const { strategy: definition, parameters, rules, latency, random, skewUs = 0, listener = {} } = options;
  const strategy: Strategy = definition.create(parameters);
  const exchange = createRecordedExchange();
  const book = createOrderBook();
  const exchangeOrder = createExchangeOrder(skewUs);
  const messages = createMessageQueue<Message>();
  const answers = createMessageQueue<Answer>();
  const own = createOwnOrders();
  const counts: SimulationCounts = { sent: 0, filled: 0, cancelled: 0, rejected: {} };
  const sides = new Map<number, OrderSide>();
  const everyUs = (definition.everyMs?.(parameters) ?? Number.POSITIVE_INFINITY) * 1_000;
  const readers = new WeakMap<Tape, TapeReader>();
  const local: Tape[] = [];
  let localAt = 0;
  let timeUs = 0;
  let exchangeUs = 0;
  let timerUs = Number.POSITIVE_INFINITY;
  let scale = { tickSize: Number.NaN, stepSize: Number.NaN };

  const exchangeListener: ExchangeListener = {
    onAccepted: (orderId) => answer(() => own.open(orderId)),
    onRest: (orderId, priceTicks, leftSteps) => listener.onRest?.(orderId, priceTicks, leftSteps, exchangeUs),
    onFill(orderId, priceTicks, qtySteps, kind, isLast) {
      const side = sides.get(orderId)!;
      const fill = { orderId, side, priceTicks, qtySteps, kind };
      if (isLast) {
        counts.filled++;
        sides.delete(orderId);
      }
      listener.onFill?.({ ...fill, timeUs: exchangeUs, midTicks: midAtExchange() });
      answer(() => {
        own.fill(orderId, qtySteps);
        strategy.onFill?.(fill, market);
      });
    },
    onEnd(orderId, end, code) {
      sides.delete(orderId);
      if (end === 'CANCELED') counts.cancelled++;
      else if (code !== 0) counts.rejected[code] = (counts.rejected[code] ?? 0) + 1;
      listener.onEnd?.(orderId, end, code, exchangeUs);
      answer(() => own.end(orderId));
    },
    // It was filled, or ended, while the cancellation was on its way: that answer is on its own.
    onUnknown: () => {},
  };

  function answer(tell: Answer): void {
    answers.push(exchangeUs + latency.responseUs(random), tell);
  }

  function send(message: Message): void {
    messages.push(timeUs + latency.entryUs(random), message);
  }

  const market: Market = {
    get timeUs() {
      return timeUs;
    },
    book,
    get isBookValid() {
      return book.invalidity === null;
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
    get tickSize() {
      return scale.tickSize;
    },
    get stepSize() {
      return scale.stepSize;
    },
    placeLimit(side, priceTicks, qtySteps, { timeInForce = 'GTC', isReduceOnly = false } = {}) {
      return place({ side, type: 'LIMIT', timeInForce, priceTicks, qtySteps, isReduceOnly });
    },
    placeMarket(side, qtySteps, { isReduceOnly = false } = {}) {
      return place({ side, type: 'MARKET', timeInForce: 'IOC', priceTicks: Number.NaN, qtySteps, isReduceOnly });
    },
    cancel(orderId) {
      if (own.cancel(orderId)) send({ cancel: orderId });
    },
  };

  const feed = createStrategyFeed(definition, parameters, strategy, { market, book });

  function place(asked: Omit<OrderRequest, 'orderId'>): number {
    const orderId = ++counts.sent;
    const request: OrderRequest = { orderId, ...asked };
    own.add(request);
    listener.onSend?.(request, midAtExchange());
    sides.set(orderId, asked.side);
    send({ place: request });
    return orderId;
  }

  function midAtExchange(): number {
    return (bestTick(exchange.book.bids) + bestTick(exchange.book.asks)) / 2;
  }

  function readerOf(tape: Tape): TapeReader {
    let reader = readers.get(tape);
    if (reader === undefined) {
      reader = openTapeReader(tape);
      readers.set(tape, reader);
    }
    return reader;
  }

  function atExchange(): void {
    exchangeUs = exchangeOrder.nextUs;
    const { tape, index } = exchangeOrder;
    exchangeOrder.advance();
    // A trade is nothing to an exchange where no own order waits.
    if (tape.kinds[index] === TRADE && exchange.orders.length === 0 && listener.onExchangeEvent === undefined) return;
    const event = readerOf(tape).at(index);
    exchangeEvent(exchange, rules, event, exchangeListener);
    listener.onExchangeEvent?.(event, exchangeUs, midAtExchange());
  }

  function arrive(): void {
    exchangeUs = Math.max(exchangeUs, messages.nextUs);
    const message = messages.shift();
    if ('cancel' in message) cancelOrder(exchange, message.cancel, exchangeListener);
    else placeOrder(exchange, rules, message.place, exchangeListener);
  }

  /** The strategy is told of the next event as it was received. */
  function hear(): void {
    const tape = local[0]!;
    const n = localAt++;
    timeUs = tape.receiveTimesUs[n]! + skewUs;
    if (timerUs === Number.POSITIVE_INFINITY && everyUs < timerUs)
      timerUs = options.timerFromUs ?? Math.ceil(timeUs / everyUs) * everyUs;
    const isTrade = tape.kinds[n] === TRADE;
    if (isTrade && !feed.isNeeded) return;
    const event = readerOf(tape).at(n);
    evolveOrderBook(book, event);
    if (event.type === 'instrument')
      scale = { tickSize: event.scale.price.toNumber(1), stepSize: event.scale.qty.toNumber(1) };
    if (feed.isNeeded) feed.tell(event);
  }

  function localUs(): number {
    while (local.length > 0 && localAt === local[0]!.events) {
      local.shift();
      localAt = 0;
    }
    return local.length === 0 ? Number.POSITIVE_INFINITY : local[0]!.receiveTimesUs[localAt]! + skewUs;
  }

  /** As far as what happened at the exchange is certain. */
  function run(isEnd: boolean): void {
    let heardUs = localUs();
    for (;;) {
      const { nextUs } = exchangeOrder;
      const next = Math.min(nextUs, messages.nextUs, answers.nextUs, heardUs, timerUs);
      if (nextUs === Number.POSITIVE_INFINITY && !isEnd) return;
      if (next === Number.POSITIVE_INFINITY) return;
      if (next === nextUs) atExchange();
      else if (next === messages.nextUs) arrive();
      else if (next === answers.nextUs) {
        timeUs = next;
        answers.shift()();
      } else if (next === heardUs) {
        hear();
        heardUs = localUs();
      } else {
        // The recording is over: nothing more is to be seen.
        if (isEnd && heardUs === Number.POSITIVE_INFINITY) return;
        timeUs = timerUs;
        timerUs += everyUs;
        strategy.onEvent?.(TIMER, market);
      }
    }
  }

  return {
    push(tape) {
      exchangeOrder.push(tape);
      local.push(tape);
      run(false);
    },
    liquidate(side, qtySteps, priceTicks) {
      cancelAllOrders(exchange, exchangeListener);
      const fill = { orderId: 0, side, priceTicks, qtySteps, kind: 'liquidation' } as const;
      answer(() => {
        own.move(side, qtySteps);
        strategy.onFill?.(fill, market);
      });
    },
    end() {
      exchangeOrder.end();
      run(true);
    },
    market,
    counts,
  };
}

const TIMER: StrategyEvent = { type: 'timer' };
