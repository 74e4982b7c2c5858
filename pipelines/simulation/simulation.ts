import type { PositionSide } from '../../operators/account/account-event.ts';
import { bestTick } from '../../operators/book/ladder.ts';
import type { Parameters } from '../../operators/features/definition.ts';
import type { LatencyModel } from '../../operators/matching/latency.ts';
import type { ExchangeListener, OrderSide } from '../../operators/matching/order.ts';
import {
  cancelAllOrders,
  createRecordedExchange,
  type ExchangeRules,
  exchangeEvent,
} from '../../operators/matching/recorded-exchange.ts';
import type { Random } from '../../operators/random.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { FIRST_ENTRY_ID } from '../../streams/id.ts';
import { DEPTH_SNAPSHOT, DEPTH_UPDATE, entryIdOn, OTHER, type Tape, TRADE } from '../../streams/tape/tape.ts';
import { arrive } from './arrive.ts';
import { createDelayedBook } from './delayed-book.ts';
import { createExchangeOrder } from './exchange-order.ts';
import { keepsDiffs } from './kept-diffs.ts';
import { createMessageQueue } from './message-queue.ts';
import { createOwnOrders } from './own-orders.ts';
import { ALL_QUIET, passTrades, type QuietPrices, voidQuiet } from './pass-trades.ts';
import { createReceivedOrder } from './received-order.ts';
import {
  type AccountFigures,
  countRejected,
  type SimulationCounts,
  type SimulationListener,
} from './simulation-listener.ts';
import type { Market, Strategy, StrategyDefinition } from './strategy.ts';
import { createStrategyFeed, TIMER } from './strategy-feed.ts';
import { createStrategyMarket, type Message, type OrderGuard, type StrategyClock } from './strategy-market.ts';
import { createTapeReaders } from './tape-readers.ts';

export interface SimulationOptions {
  readonly strategy: StrategyDefinition;
  readonly parameters: Parameters;
  readonly rules: ExchangeRules;
  readonly latency: LatencyModel;
  /** The run's own, so that it can be repeated. */
  readonly random: Random;
  /** Of the market, where its tape begins behind the log's `instrument` event. */
  readonly scale?: Scale;
  /** By how much the recorder's clock is behind the exchange's, µs; 0 where not said. */
  readonly skewUs?: number;
  /** When the first timer is due, µs; the first multiple of its length since the epoch where not said. */
  readonly timerFromUs?: number;
  readonly guard?: OrderGuard;
  /** None where not said. */
  readonly account?: AccountFigures;
  readonly listener?: SimulationListener;
  /** Asked after a timer, and after each event that was heard, whether to stop there, until `goOn`: who decides is outside then. */
  readonly isPaused?: () => boolean;
  /** None where not said: each trade is told to a listener to the exchange. */
  readonly quiet?: QuietPrices;
}

/** A strategy against a recorded market. */
export interface Simulation {
  /** The next part of the tape, in log order. */
  push(tape: Tape): void;
  /** The recording has ended: what is on its way arrives. */
  end(): void;
  /** Goes on after a pause, up to the next one, or as far as the tape that was pushed allows. */
  goOn(): void;
  /** The exchange cancels all orders and closes the position, which the strategy hears of like of a fill. */
  liquidate(side: OrderSide, qtySteps: number, priceTicks: number, positionSide?: PositionSide): void;
  /**
   * Cancels every order; where `flattens`, closes the position too, past the guard, and looks again each second whether
   * there is one, until it is resumed. What the guard says meanwhile is its own.
   */
  halt(flattens: boolean): void;
  resume(): void;
  readonly market: Market;
  readonly counts: SimulationCounts;
}

/**
 * On its way back: what it does to the strategy's own view, and whom it tells. Of an order that was accepted its number
 * alone, of one that ended the number below 0: most answers are of these two, and a number needs no memory.
 */
type Answer = number | (() => void);

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
  const { strategy: definition, parameters, rules, latency, random, skewUs = 0 } = options;
  const { guard, listener = {}, isPaused } = options;
  const strategy: Strategy = definition.create(parameters);
  const exchange = createRecordedExchange(options.scale);
  const delayed = createDelayedBook();
  const { book } = delayed;
  const exchangeOrder = createExchangeOrder(skewUs);
  const messages = createMessageQueue<Message>();
  const answers = createMessageQueue<Answer>();
  const own = createOwnOrders();
  const counts: SimulationCounts = { sent: 0, filled: 0, cancelled: 0, rejected: {}, stopped: {} };
  const everyUs = (definition.everyMs?.(parameters) ?? Number.POSITIVE_INFINITY) * 1_000;
  const readerOf = createTapeReaders();
  const clock: StrategyClock = {
    timeUs: 0,
    bookUs: 0,
    flattenUs: Number.POSITIVE_INFINITY,
    tickSize: options.scale?.price.toNumber(1) ?? Number.NaN,
    stepSize: options.scale?.qty.toNumber(1) ?? Number.NaN,
  };
  /** How long the event that was heard last took from the exchange; NaN where the latency does not follow it. */
  let feedUs = latency.isOfFeed === true ? 0 : Number.NaN;
  let exchangeUs = 0;
  let timerUs = Number.POSITIVE_INFINITY;
  let isEnd = false;
  /** The event that was heard last. */
  let [heardTape, heardIndex]: [Tape | undefined, number] = [undefined, 0];

  const exchangeListener: ExchangeListener = {
    onAccepted: (orderId) => answer(orderId),
    onRest: (orderId, priceTicks, leftSteps) => listener.onRest?.(orderId, priceTicks, leftSteps, exchangeUs),
    onFill({ orderId, side, positionSide = 'BOTH' }, priceTicks, qtySteps, kind, isLast) {
      const fill = { orderId, side, priceTicks, qtySteps, kind, positionSide };
      if (isLast) counts.filled++;
      if (options.quiet !== undefined) voidQuiet(options.quiet);
      listener.onFill?.({ ...fill, timeUs: exchangeUs, midTicks: midAtExchange() });
      answer(() => {
        own.fill(fill, isLast);
        strategy.onFill?.(fill, market);
      });
    },
    onEnd(orderId, end, code) {
      if (end === 'CANCELED') counts.cancelled++;
      else if (code !== 0) countRejected(counts, code);
      listener.onEnd?.(orderId, end, code, exchangeUs);
      answer(-orderId);
    },
    // It was filled, or ended, while the cancellation was on its way: that answer is on its own.
    onUnknown: () => {},
    onTriggered(request) {
      listener.onTriggered?.(request, midAtExchange(), exchangeUs);
      answer(() => own.trigger(request));
    },
    onAmended(orderId, priceTicks, leftSteps) {
      listener.onAmended?.(orderId, leftSteps, exchangeUs);
      answer(() => own.amend(orderId, priceTicks, leftSteps));
    },
    onAmendRejected(orderId, code) {
      countRejected(counts, code);
      answer(() => own.rejectAmend(orderId));
    },
  };

  function answer(said: Answer): void {
    answers.send(exchangeUs + latency.responseUs(random, feedUs), said);
  }

  function tell(answer: Answer): void {
    if (typeof answer === 'function') answer();
    else if (answer > 0) own.open(answer);
    else own.end(-answer);
  }

  function send(message: Message): void {
    messages.send(clock.timeUs + latency.entryUs(random, feedUs), message);
  }

  const { market, halt, flatten, resume } = createStrategyMarket({
    clock,
    book,
    own,
    counts,
    guard,
    listener,
    midAtExchange,
    send,
    features: () => feed.features,
    account: options.account,
    entryId: () => (heardTape === undefined ? FIRST_ENTRY_ID : entryIdOn(heardTape, heardIndex)),
  });
  const feed = createStrategyFeed(definition, parameters, strategy, { market, book });

  function midAtExchange(): number {
    return (bestTick(exchange.book.bids) + bestTick(exchange.book.asks)) / 2;
  }

  function atExchange(): void {
    exchangeUs = exchangeOrder.nextUs;
    const { tape, index } = exchangeOrder;
    exchangeOrder.advance();
    const event = readerOf(tape).at(index);
    const change = exchangeEvent(exchange, rules, event, exchangeListener, keepsDiffs(tape, index));
    if (change !== undefined) delayed.record(tape, index, exchange.book, change);
    listener.onExchangeEvent?.(event, exchangeUs, midAtExchange());
  }

  function arriveNext(): void {
    exchangeUs = Math.max(exchangeUs, messages.nextUs);
    arrive(exchange, rules, messages.shift(), exchangeUs, messages, exchangeListener);
  }

  /** The strategy is told of the next event as it was received. */
  function hear(): void {
    const { index: n, nextUs: timeUs } = received;
    const tape = received.tape!;
    received.advance();
    heardTape = tape;
    heardIndex = n;
    clock.timeUs = timeUs;
    if (timerUs === Number.POSITIVE_INFINITY && everyUs < timerUs)
      timerUs = options.timerFromUs ?? Math.ceil(timeUs / everyUs) * everyUs;
    delayed.hear(tape, n);
    if (timeUs >= clock.flattenUs) flatten();
    const kind = tape.kinds[n];
    if (kind === DEPTH_UPDATE || kind === DEPTH_SNAPSHOT) clock.bookUs = timeUs;
    if (hearsAll && (kind === DEPTH_UPDATE || kind === TRADE)) feedUs = timeUs - tape.transactionTimesMs[n]! * 1_000;
    if (kind !== OTHER && !feed.isNeeded) return;
    const event = readerOf(tape).at(n);
    if (event.type === 'instrument') {
      clock.tickSize = event.scale.price.toNumber(1);
      clock.stepSize = event.scale.qty.toNumber(1);
    }
    if (feed.isNeeded) feed.tell(event);
  }

  /** How long trades took counts too. */
  const hearsAll = latency.isOfFeed === true;
  const received = createReceivedOrder(skewUs, !feed.isNeeded && !hearsAll);
  /** Nobody else listens: a trade that reaches no own order is nothing. */
  const isBlind = listener.onExchangeEvent === undefined;
  const quiet = isBlind ? ALL_QUIET : options.quiet;

  function passQuiet(quiet: QuietPrices, untilUs: number): void {
    if (!passTrades(exchange, exchangeOrder, quiet, untilUs) || isBlind) return;
    exchangeUs = exchangeOrder.passedUs;
    const event = readerOf(exchangeOrder.passedTape!).at(exchangeOrder.passedIndex);
    listener.onExchangeEvent?.(event, exchangeUs, midAtExchange());
  }

  /** As far as what happened at the exchange is certain. */
  function run(): void {
    for (;;) {
      let next = Math.min(messages.nextUs, answers.nextUs, received.nextUs, timerUs);
      while (exchangeOrder.nextUs <= next) {
        if (quiet !== undefined) passQuiet(quiet, next);
        const { nextUs } = exchangeOrder;
        if (nextUs > next || nextUs === Number.POSITIVE_INFINITY) break;
        atExchange();
        // An answer to what happened there may be the next thing to come.
        next = Math.min(next, answers.nextUs);
      }
      if (exchangeOrder.nextUs === Number.POSITIVE_INFINITY && !isEnd) return;
      if (next === Number.POSITIVE_INFINITY) return;
      if (next === messages.nextUs) arriveNext();
      else if (next === answers.nextUs) {
        clock.timeUs = next;
        tell(answers.shift());
      } else if (next === received.nextUs) {
        hear();
        if (isPaused?.()) return;
      } else {
        // The recording is over: nothing more is to be seen.
        if (isEnd && received.nextUs === Number.POSITIVE_INFINITY) return;
        clock.timeUs = timerUs;
        timerUs += everyUs;
        strategy.onEvent?.(TIMER, market);
        if (isPaused?.()) return;
      }
    }
  }

  return {
    push(tape) {
      exchangeOrder.push(tape);
      received.push(tape);
      run();
    },
    liquidate(side, qtySteps, priceTicks, positionSide = 'BOTH') {
      cancelAllOrders(exchange, exchangeListener);
      const fill = { orderId: 0, side, priceTicks, qtySteps, kind: 'liquidation', positionSide } as const;
      answer(() => {
        own.move(side, qtySteps, positionSide);
        strategy.onFill?.(fill, market);
      });
    },
    halt,
    resume,
    end() {
      exchangeOrder.end();
      isEnd = true;
      run();
    },
    goOn: run,
    market,
    counts,
  };
}
