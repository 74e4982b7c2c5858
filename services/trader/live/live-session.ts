import { E8 } from '../../../operators/account/money.ts';
import { equityE8 } from '../../../operators/account/valuation.ts';
import { createOrderBook, evolveOrderBook } from '../../../operators/book/order-book.ts';
import type {
  CommandTaken,
  LiveEvent,
  OrderFact,
  SessionOpened,
  TraderEvent,
} from '../../../operators/ledger/ledger-event.ts';
import { riskLimits } from '../../../operators/risk/risk-limits.ts';
import { createOwnOrders } from '../../../pipelines/simulation/own-orders.ts';
import { createRiskGuard } from '../../../pipelines/simulation/risk-guard.ts';
import { countRejected, type SimulationCounts } from '../../../pipelines/simulation/simulation-listener.ts';
import { createStrategyFeed, TIMER } from '../../../pipelines/simulation/strategy-feed.ts';
import {
  createStrategyMarket,
  type Message,
  type StrategyClock,
} from '../../../pipelines/simulation/strategy-market.ts';
import type { Entry } from '../../../streams/entry.ts';
import { decodeOrGap } from '../../../streams/events/decode-or-gap.ts';
import { createDecoder, type MarketEvent } from '../../../streams/events/decoder.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { FIRST_ENTRY_ID } from '../../../streams/id.ts';
import type { LoadedStrategy } from '../../backtest/load-strategy.ts';
import { runStrategy } from '../../backtest/strategy-failure.ts';
import type { SessionView } from '../account-status.ts';
import { clientOrderId, createOrderEvents } from '../order-events.ts';
import { createLiveAccount } from './live-account.ts';
import { createLiveOrders, type LiveOrder, type LiveOrders } from './live-orders.ts';

/** What a live session is told beside the log. */
export type LiveInput = LiveEvent | CommandTaken;

/** What is to be sent: the exchange itself knows up to when an order rests. */
export type LiveMessage = Exclude<Message, { readonly type: 'EXPIRY' }>;

/**
 * A strategy that trades at an exchange: told of the log as it was received, and of its orders and its account by what the
 * exchange said. It does nothing by itself and has no clock: the same entries and inputs in the same order give the same
 * orders, events and state, to the last bit.
 */
export interface LiveSession extends SessionView {
  readonly orders: LiveOrders;
  /** Takes in entries, in log order. @throws Error that names the strategy, where it fails */
  push(entries: readonly Entry[]): void;
  /** Whether the input says something that is not known yet. */
  isNews(input: LiveInput): boolean;
  /** Takes in an input behind the last entry that was pushed. */
  tell(input: LiveInput): void;
  /** What happened since the last call, in that order; an input comes before what followed from it. */
  take(): TraderEvent[];
  /** What is to be sent since the last call, once what happened is in the ledger. */
  takeMessages(): LiveMessage[];
  /** Why no order passes; null: they do. */
  readonly pausedBy: string | null;
  /** Whether what there is of a position is to be closed. */
  readonly isFlattening: boolean;
  readonly isStopping: boolean;
}

/** Opens the session that the event says. It is paused until it is told that it may trade. */
export function openLiveSession(opened: SessionOpened, strategy: LoadedStrategy): LiveSession {
  const { settings, session } = opened;
  const scale = createScale(opened.tickSize, opened.stepSize);
  const decoder = createDecoder(scale);
  const book = createOrderBook();
  const own = createOwnOrders();
  const orders = createLiveOrders();
  const counts: SimulationCounts = { sent: 0, filled: 0, cancelled: 0, rejected: {}, stopped: {} };
  const everyUs = (strategy.definition.everyMs?.(settings.parameters) ?? Number.POSITIVE_INFINITY) * 1_000;
  const clock: StrategyClock = {
    timeUs: 0,
    bookUs: 0,
    flattenUs: Number.POSITIVE_INFINITY,
    tickSize: scale.price.toNumber(1),
    stepSize: scale.qty.toNumber(1),
  };
  let timerUs = Number.POSITIVE_INFINITY;
  let lastEntryId = FIRST_ENTRY_ID;
  let heardEntryId = FIRST_ENTRY_ID;
  let events: TraderEvent[] = [];
  let messages: LiveMessage[] = [];
  const orderEvents = createOrderEvents(session, (event) => events.push(event));
  let pausedBy: string | null = 'it has just begun';
  let [isFlattening, isStopping] = [false, false];

  const account = createLiveAccount(opened, scale, (event) => events.push({ type: 'account', event }));
  const figures = { equity: () => equityE8(account.state) / E8, wallet: () => account.state.walletE8 / E8 };
  const guard = createRiskGuard({ limits: riskLimits(settings.limits), equity: figures.equity });
  guard.setHalted(opened.isHalted);
  const trading = createStrategyMarket({
    clock,
    book,
    own,
    counts,
    guard: (order, market) => (pausedBy === null ? guard.check(order, market) : 'paused'),
    listener: {
      ...orderEvents,
      onSend(request, midTicks, timeUs) {
        orders.add(request, clientOrderId(session, request.orderId));
        orderEvents.onSend(request, midTicks, timeUs);
      },
      onConditionalSent(request, timeUs) {
        orders.addConditional(request, clientOrderId(session, request.orderId));
        orderEvents.onConditionalSent(request, timeUs);
      },
      onAmendSent(request, timeUs) {
        orders.addAmend(request);
        orderEvents.onAmendSent(request, timeUs);
      },
    },
    midAtExchange: () => Number.NaN,
    send(message) {
      if (typeof message === 'number' || message.type !== 'EXPIRY') messages.push(message);
    },
    features: () => feed.features,
    account: figures,
    entryId: () => heardEntryId,
  });
  const { market } = trading;
  const running = strategy.definition.create(settings.parameters);
  const feed = createStrategyFeed(strategy.definition, settings.parameters, running, { market, book });

  function hear(event: MarketEvent, timeUs: number): void {
    if (timerUs === Number.POSITIVE_INFINITY && everyUs < timerUs) timerUs = Math.ceil(timeUs / everyUs) * everyUs;
    for (; timerUs < timeUs; timerUs += everyUs) {
      clock.timeUs = timerUs;
      running.onEvent?.(TIMER, market);
    }
    clock.timeUs = Math.max(clock.timeUs, timeUs);
    evolveOrderBook(book, event);
    if (event.type === 'depthUpdate' || event.type === 'depthSnapshot') clock.bookUs = clock.timeUs;
    if (event.type === 'markPrice') account.mark(event.markPrice, timeUs / 1_000);
    feed.tell(event);
  }

  function report({ orderId, fact }: LiveInput & { readonly type: 'orderReported' }): void {
    const before = orders.open.get(orderId);
    const isOver = orders.take(orderId, fact);
    switch (fact.type) {
      case 'accepted':
        own.open(orderId);
        break;
      case 'filled':
        fill(before!, fact, isOver);
        break;
      case 'amended':
        own.amend(orderId, fact.priceTicks, fact.qtySteps - before!.filledSteps);
        // All that it has been made smaller to was filled before.
        if (isOver) own.end(orderId);
        if (isOver) counts.filled++;
        break;
      case 'amendFailed':
        own.rejectAmend(orderId);
        if (fact.code !== 0) countRejected(counts, fact.code);
        break;
      case 'triggered': {
        const { request } = orders.open.get(orderId)!;
        orderEvents.onTriggered(request, Number.NaN, fact.timeMs * 1_000);
        own.trigger(request);
        own.open(orderId);
        break;
      }
      case 'ended':
        if (fact.end === 'CANCELED') counts.cancelled++;
        else if (fact.code !== 0) countRejected(counts, fact.code);
        orderEvents.onEnd(orderId, fact.end, fact.code, fact.timeMs * 1_000);
        own.end(orderId);
        break;
      default:
        fact satisfies never;
    }
  }

  function fill({ request }: LiveOrder, fact: OrderFact & { readonly type: 'filled' }, isOver: boolean): void {
    account.fill(request, fact);
    if (isOver) counts.filled++;
    const { orderId, side, positionSide = 'BOTH' } = request;
    const { priceTicks, qtySteps, isMaker } = fact;
    const told = { orderId, side, priceTicks, qtySteps, kind: isMaker ? 'queue' : 'taker', positionSide } as const;
    own.fill(told, isOver);
    running.onFill?.(told, market);
  }

  function obey({ command, flattens }: CommandTaken): void {
    // It was refused.
    if (command === 'start') return;
    guard.setHalted(command !== 'resume');
    isFlattening = command !== 'resume' && flattens;
    isStopping ||= command === 'stop';
    if (command !== 'resume') trading.halt(flattens);
  }

  function takeIn(input: LiveInput): void {
    if (input.type === 'orderReported') report(input);
    else if (input.type === 'commandTaken') obey(input);
    else if (input.type === 'tradingPaused') pausedBy = input.reason;
    else if (input.type === 'tradingResumed') pausedBy = null;
    else if (input.type === 'flattenRepeated') trading.flatten();
    else if (input.event.type === 'fill') {
      const { side, qtySteps, positionSide } = input.event;
      account.take(input.id, input.event);
      own.move(side, qtySteps, positionSide);
    } else account.take(input.id, input.event);
  }

  /** @throws Error that names the strategy */
  function guarded(work: () => void): void {
    runStrategy(strategy.definition, () => clock.timeUs, work);
  }

  return {
    orders,
    market,
    counts,
    account,
    push(entries) {
      for (const { entryId, events: logged } of entries) {
        heardEntryId = entryId;
        for (const { channel, payload, receiveTimeUs } of logged)
          guarded(() => hear(decodeOrGap(decoder, channel, payload), receiveTimeUs));
        lastEntryId = entryId;
      }
    },
    isNews(input) {
      if (input.type === 'orderReported') return orders.isNews(input.orderId, input.fact);
      return input.type !== 'accountReported' || !account.knows(input.id);
    },
    tell(input) {
      events.push(input);
      guarded(() => takeIn(input));
    },
    take() {
      const taken = events;
      events = [];
      return taken;
    },
    takeMessages() {
      const taken = messages;
      messages = [];
      return taken;
    },
    get pausedBy() {
      return pausedBy;
    },
    get isFlattening() {
      return isFlattening;
    },
    get isStopping() {
      return isStopping;
    },
    get lastEntryId() {
      return lastEntryId;
    },
  };
}
