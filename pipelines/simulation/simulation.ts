import { bestTick } from '../../operators/book/ladder.ts';
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
import { OTHER, type Tape, TRADE } from '../../streams/tape/tape.ts';
import { createDelayedBook } from './delayed-book.ts';
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

/** On its way to the exchange: an order, or the number of one to be cancelled. */
type Message = OrderRequest | number;

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
  const delayed = createDelayedBook();
  const { book } = delayed;
  const exchangeOrder = createExchangeOrder(skewUs);
  const messages = createMessageQueue<Message>();
  const answers = createMessageQueue<Answer>();
  const own = createOwnOrders();
  const counts: SimulationCounts = { sent: 0, filled: 0, cancelled: 0, rejected: {} };
  const everyUs = (definition.everyMs?.(parameters) ?? Number.POSITIVE_INFINITY) * 1_000;
  const readers = new WeakMap<Tape, TapeReader>();
  let [readerTape, reader]: [Tape | undefined, TapeReader | undefined] = [undefined, undefined];
  const local: Tape[] = [];
  let localAt = 0;
  let timeUs = 0;
  let exchangeUs = 0;
  let timerUs = Number.POSITIVE_INFINITY;
  let scale = { tickSize: Number.NaN, stepSize: Number.NaN };

  const exchangeListener: ExchangeListener = {
    onAccepted: (orderId) => answer(() => own.open(orderId)),
    onRest: (orderId, priceTicks, leftSteps) => listener.onRest?.(orderId, priceTicks, leftSteps, exchangeUs),
    onFill({ orderId, side }, priceTicks, qtySteps, kind, isLast) {
      const fill = { orderId, side, priceTicks, qtySteps, kind };
      if (isLast) counts.filled++;
      listener.onFill?.({ ...fill, timeUs: exchangeUs, midTicks: midAtExchange() });
      answer(() => {
        own.fill(orderId, qtySteps);
        strategy.onFill?.(fill, market);
      });
    },
    onEnd(orderId, end, code) {
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
      return place({ orderId: ++counts.sent, side, type: 'LIMIT', timeInForce, priceTicks, qtySteps, isReduceOnly });
    },
    placeMarket(side, qtySteps, { isReduceOnly = false } = {}) {
      const [orderId, priceTicks] = [++counts.sent, Number.NaN];
      return place({ orderId, side, type: 'MARKET', timeInForce: 'IOC', priceTicks, qtySteps, isReduceOnly });
    },
    cancel(orderId) {
      if (own.cancel(orderId)) messages.push(timeUs + latency.entryUs(random), orderId);
    },
  };

  const feed = createStrategyFeed(definition, parameters, strategy, { market, book });

  function place(request: OrderRequest): number {
    own.add(request);
    listener.onSend?.(request, midAtExchange());
    messages.push(timeUs + latency.entryUs(random), request);
    return request.orderId;
  }

  function midAtExchange(): number {
    return (bestTick(exchange.book.bids) + bestTick(exchange.book.asks)) / 2;
  }

  function readerOf(tape: Tape): TapeReader {
    if (tape !== readerTape) {
      reader = readers.get(tape) ?? openTapeReader(tape);
      readers.set(tape, reader);
      readerTape = tape;
    }
    return reader!;
  }

  function atExchange(): void {
    exchangeUs = exchangeOrder.nextUs;
    const { tape, index } = exchangeOrder;
    exchangeOrder.advance();
    const event = readerOf(tape).at(index);
    const change = exchangeEvent(exchange, rules, event, exchangeListener, delayed.keepsDiffs(tape, index));
    if (change !== undefined) delayed.record(tape, index, exchange.book, change);
    listener.onExchangeEvent?.(event, exchangeUs, midAtExchange());
  }

  function arrive(): void {
    exchangeUs = Math.max(exchangeUs, messages.nextUs);
    const message = messages.shift();
    if (typeof message === 'number') cancelOrder(exchange, message, exchangeListener);
    else placeOrder(exchange, rules, message, exchangeListener);
  }

  /** The strategy is told of the next event as it was received. */
  function hear(): void {
    const tape = local[0]!;
    const n = localAt++;
    timeUs = tape.receiveTimesUs[n]! + skewUs;
    if (timerUs === Number.POSITIVE_INFINITY && everyUs < timerUs)
      timerUs = options.timerFromUs ?? Math.ceil(timeUs / everyUs) * everyUs;
    delayed.hear(tape, n);
    const isOther = tape.kinds[n] === OTHER;
    if (!isOther && !feed.isNeeded) return;
    const event = readerOf(tape).at(n);
    if (event.type === 'instrument')
      scale = { tickSize: event.scale.price.toNumber(1), stepSize: event.scale.qty.toNumber(1) };
    if (feed.isNeeded) feed.tell(event);
  }

  function localUs(): number {
    while (local.length > 0) {
      const { kinds, events, receiveTimesUs } = local[0]!;
      // A trade is nothing to a strategy that asks for timers alone.
      while (!feed.isNeeded && localAt < events && kinds[localAt] === TRADE) localAt++;
      if (localAt < events) return receiveTimesUs[localAt]! + skewUs;
      local.shift();
      localAt = 0;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** Nobody else listens: a trade that reaches no own order is nothing. */
  const isBlind = listener.onExchangeEvent === undefined;

  function passTrades(untilUs: number): void {
    let [buyTicks, sellTicks] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const { side, priceTicks } of exchange.orders) {
      if (side === 'buy') buyTicks = Math.max(buyTicks, priceTicks);
      else sellTicks = Math.min(sellTicks, priceTicks);
    }
    exchangeOrder.passTrades(untilUs, buyTicks, sellTicks);
  }

  /** As far as what happened at the exchange is certain. */
  function run(isEnd: boolean): void {
    let heardUs = localUs();
    for (;;) {
      let next = Math.min(messages.nextUs, answers.nextUs, heardUs, timerUs);
      while (exchangeOrder.nextUs <= next) {
        if (isBlind) passTrades(next);
        const { nextUs } = exchangeOrder;
        if (nextUs > next || nextUs === Number.POSITIVE_INFINITY) break;
        atExchange();
        // An answer to what happened there may be the next thing to come.
        next = Math.min(next, answers.nextUs);
      }
      if (exchangeOrder.nextUs === Number.POSITIVE_INFINITY && !isEnd) return;
      if (next === Number.POSITIVE_INFINITY) return;
      if (next === messages.nextUs) arrive();
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
