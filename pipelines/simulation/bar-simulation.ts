import type { Parameters } from '../../operators/features/definition.ts';
import {
  type BarRules,
  beginBar,
  bestTicks,
  cancelBarOrder,
  createBarExchange,
  liquidateBar,
  placeBarConditional,
  placeBarOrder,
  settleBar,
} from '../../operators/matching/bar-exchange.ts';
import { type PathListener, passPrices } from '../../operators/matching/bar-path.ts';
import { worstBeforeStop } from '../../operators/matching/bar-trigger.ts';
import type { LatencyModel } from '../../operators/matching/latency.ts';
import type { OrderSide } from '../../operators/matching/order.ts';
import type { Random } from '../../operators/random.ts';
import type { Scale } from '../../streams/events/scale.ts';
import type { BarTape, FundingColumns } from '../../streams/tape/bar-tape.ts';
import { createBarMarkPrices } from './bar-mark-prices.ts';
import { createBarMarket } from './bar-market.ts';
import { createBarStrategy } from './bar-strategy.ts';
import { createMessageQueue } from './message-queue.ts';
import { createOwnOrders } from './own-orders.ts';
import { countRejected, type SimulationCounts, type SimulationListener } from './simulation-listener.ts';
import type { Market, StrategyDefinition } from './strategy.ts';
import type { Message, OrderGuard } from './strategy-market.ts';

export interface BarSimulationOptions {
  readonly strategy: StrategyDefinition;
  readonly parameters: Parameters;
  /** Length of a candle, ms. */
  readonly intervalMs: number;
  readonly scale: Scale;
  readonly rules: BarRules;
  readonly latency: LatencyModel;
  /** The run's own, so that it can be repeated. */
  readonly random: Random;
  readonly funding: FundingColumns;
  /** How often the account is sampled, ms; at the first open, at closes, and at the end. */
  readonly sampleMs: number;
  readonly onSample?: (timeMs: number, ticks: number) => void;
  /**
   * A price in ticks short of which the position is not liquidated, as seen from where the price is; NaN: nowhere. Nowhere
   * where it is not given.
   */
  readonly safeUpToTicks?: () => number;
  readonly guard?: OrderGuard | undefined;
  /** What the account is worth at a price in ticks, and its wallet, quote asset; none where not said. */
  readonly account?: { equityAt(ticks: number): number; wallet(): number };
  readonly listener?: SimulationListener;
}

/** A strategy against candles. */
export interface BarSimulation {
  /** The next candles. */
  push(bars: BarTape): void;
  /** The next candle alone, by its number on a tape: for a loop that decides between two of them. */
  next(bars: BarTape, n: number): void;
  /** There are no more. */
  end(): void;
  /** The exchange cancels all orders and closes the position, which the strategy hears of like of a fill. */
  liquidate(side: OrderSide, qtySteps: number, priceTicks: number): void;
  readonly market: Market;
  readonly counts: SimulationCounts;
}

/**
 * Runs a strategy against candles alone. What happens within a candle is not known, so that the worse is assumed:
 *
 * - Orders are sent at a candle's close. What arrives in the first half of a candle meets its open; what arrives later meets
 *   the next one's. An order that takes is filled at the open, worsened by half the spread and slippage.
 * - What rests is filled at its price where the open, or the candle, goes through it, half-way through the candle; see
 *   `passPrices`. Own orders get a part of the candle's volume in all. What waits for a price is placed at the price that
 *   triggers it, or at the open beyond it, and filled there as an order that takes at the open is.
 * - A position is tried against the open, then, with the orders that came in, against the candle's end that is the worse for
 *   it, before anything that rests is filled, and again after each such fill; but no farther than to a stop that closes of it.
 * - Funding is settled at its time, before orders of the same instant: in the first half of a candle by its open, later by
 *   its close. The listener hears of these prices as of mark prices.
 * - What happened in a candle the strategy is told of at its close, before the bar and the timer. It sees best prices half a
 *   spread about the close, and an empty book.
 *
 * Deterministic: the same candles, parameters and random numbers give the same run, in whatever parts the candles come.
 */
export function createBarSimulation(options: BarSimulationOptions): BarSimulation {
  const { strategy: definition, parameters, rules, latency, random, funding, sampleMs, guard, listener = {} } = options;
  const { intervalMs, scale, account, onSample, safeUpToTicks = () => Number.NaN } = options;
  const told = createBarStrategy(definition, parameters, options);
  const { strategy, features } = told;
  const exchange = createBarExchange();
  const messages = createMessageQueue<Message>();
  const answers = createMessageQueue<() => void>();
  const own = createOwnOrders();
  const counts: SimulationCounts = { sent: 0, filled: 0, cancelled: 0, rejected: {}, stopped: {} };
  const prices = createBarMarkPrices(funding, scale, listener);
  /** When what happens at the exchange happens. */
  let exchangeUs = 0;
  let closeTicks = Number.NaN;
  let [sampledMs, sampleDueMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** Middle of the market where an order is filled. */
  let midTicks = Number.NaN;
  /** Ends of the candle while what rests in it is passed; NaN: it is not. */
  let [lowTicks, highTicks] = [Number.NaN, Number.NaN];
  let safeTicks = Number.NaN;
  let isSafeKnown = false;

  const exchangeListener: PathListener = {
    onAccepted: (orderId) => answer(() => own.open(orderId)),
    onRest: (orderId, priceTicks, leftSteps) => listener.onRest?.(orderId, priceTicks, leftSteps, exchangeUs),
    onFill({ orderId, side }, priceTicks, qtySteps, kind, isLast) {
      const fill = { orderId, side, priceTicks, qtySteps, kind, positionSide: 'BOTH' } as const;
      if (isLast) counts.filled++;
      isSafeKnown = false;
      const mid = kind === 'taker' ? midTicks : priceTicks;
      listener.onFill?.({ orderId, side, priceTicks, qtySteps, kind, timeUs: exchangeUs, midTicks: mid });
      answer(() => {
        own.fill(fill, isLast);
        market.positionSteps = own.positionSteps;
        strategy.onFill?.(fill, market);
      });
    },
    onEnd(orderId, end, code) {
      if (end === 'CANCELED') counts.cancelled++;
      else if (code !== 0) countRejected(counts, code);
      listener.onEnd?.(orderId, end, code, exchangeUs);
      answer(() => own.end(orderId));
    },
    // It was filled, or ended, while the cancellation was on its way: that answer is on its own.
    onUnknown: () => {},
    onPrice(ticks) {
      // What the order needs of margin is reckoned by the price that it meets.
      midTicks = ticks;
      prices.say(exchangeUs, ticks);
    },
    onTriggered(request) {
      listener.onTriggered?.(request, midTicks, exchangeUs);
      answer(() => own.trigger(request));
    },
    onStep: () => tryWithin(),
  };

  function answer(tell: () => void): void {
    answers.send(exchangeUs + latency.responseUs(random, 0), tell);
  }

  function send(message: Message): void {
    messages.send(market.timeUs + latency.entryUs(random, 0), message);
  }

  const market = createBarMarket({
    scale,
    own,
    counts,
    guard,
    listener,
    send,
    closeTicks: () => closeTicks,
    account: account && { equity: () => account.equityAt(closeTicks), wallet: account.wallet },
    features,
  });

  /** Says the worse end of a range for the position, where it may be liquidated there. */
  function tryPosition(low: number, high: number): void {
    const { positionSteps } = exchange;
    if (positionSteps === 0) return;
    if (!isSafeKnown) {
      isSafeKnown = true;
      safeTicks = safeUpToTicks();
    }
    if (positionSteps > 0 ? low <= safeTicks : high >= safeTicks)
      prices.say(exchangeUs, positionSteps > 0 ? low : high);
  }

  /** Tries the position against the rest of the candle, as far as a stop lets the price go against it. */
  function tryWithin(): void {
    if (exchange.positionSteps === 0 || Number.isNaN(lowTicks)) return;
    const worst = worstBeforeStop(exchange, lowTicks, highTicks);
    tryPosition(worst, worst);
  }

  /** Settlements and orders up to the middle of a candle, which meet its open. */
  function arrive(openUs: number, middleUs: number, openTicks: number): void {
    let isSaid = false;
    midTicks = openTicks;
    for (;;) {
      const arrivesUs = messages.nextUs < middleUs ? Math.max(messages.nextUs, openUs) : Number.POSITIVE_INFINITY;
      if (prices.nextFundingUs <= middleUs && prices.nextFundingUs <= arrivesUs) {
        settle(openTicks);
        continue;
      }
      if (arrivesUs === Number.POSITIVE_INFINITY) return;
      exchangeUs = Math.max(exchangeUs, arrivesUs);
      // What an order needs of margin is reckoned by the price that it meets.
      if (!isSaid) prices.say(exchangeUs, openTicks);
      isSaid = true;
      take(messages.shift(), openTicks);
    }
  }

  function take(message: Message, ticks: number): void {
    if (typeof message === 'number') cancelBarOrder(exchange, message, exchangeListener);
    else if (message.type === 'CONDITIONAL') placeBarConditional(exchange, message.request, ticks, exchangeListener);
    else if (message.type === 'LIMIT' || message.type === 'MARKET')
      placeBarOrder(exchange, rules, message, ticks, exchangeListener);
    settleBar(exchange, exchangeListener);
  }

  function settle(ticks: number): void {
    exchangeUs = Math.max(exchangeUs, prices.nextFundingUs);
    prices.say(exchangeUs, ticks);
    isSafeKnown = false;
  }

  /** What happens at the exchange within a candle. */
  function pass(openUs: number, open: number, high: number, low: number, close: number, volume: number): void {
    const middleUs = openUs + intervalMs * 500;
    const closeUs = openUs + intervalMs * 1_000;
    // Between candles that are missing it is settled by the last price that is known.
    while (prices.nextFundingUs < openUs) settle(closeTicks);
    exchangeUs = Math.max(exchangeUs, openUs);
    beginBar(exchange, rules, volume);
    tryPosition(open, open);
    passPrices(exchange, rules, { open, low: open, high: open, close: open }, exchangeListener);
    arrive(openUs, middleUs, open);
    exchangeUs = Math.max(exchangeUs, middleUs);
    [lowTicks, highTicks] = [low, high];
    tryWithin();
    passPrices(exchange, rules, { open, low, high, close }, exchangeListener);
    [lowTicks, highTicks] = [Number.NaN, Number.NaN];
    while (prices.nextFundingUs <= closeUs) settle(close);
  }

  /** Whether nothing can happen at the exchange within a candle. */
  function isQuiet(openUs: number, low: number, high: number): boolean {
    if (exchange.orders.length > 0 || exchange.conditional.waiting.length > 0) return false;
    if (Math.min(prices.nextFundingUs, messages.nextUs) <= openUs + intervalMs * 1_000) return false;
    const { positionSteps } = exchange;
    if (positionSteps === 0) return true;
    return isSafeKnown && !(positionSteps > 0 ? low <= safeTicks : high >= safeTicks);
  }

  function sample(timeMs: number): void {
    onSample?.(timeMs, closeTicks);
    sampledMs = timeMs;
    sampleDueMs = (Math.floor(timeMs / sampleMs) + 1) * sampleMs;
  }

  function step(openTimeMs: number, open: number, high: number, low: number, close: number, volume: number): void {
    if (!isQuiet(openTimeMs * 1_000, low, high)) pass(openTimeMs * 1_000, open, high, low, close, volume);
    const closeMs = openTimeMs + intervalMs;
    const timeUs = closeMs * 1_000;
    market.timeUs = timeUs;
    market.bookUs = timeUs;
    market.bidTicks = Math.floor(bestTicks(rules.assumptions, 'sell', close));
    market.askTicks = Math.ceil(bestTicks(rules.assumptions, 'buy', close));
    closeTicks = close;
    if (closeMs >= sampleDueMs) sample(closeMs);
    while (answers.nextUs <= timeUs) answers.shift()();
    told.tell(openTimeMs, open, high, low, close, volume, market);
  }

  /** Before the first candle. */
  function begin(openTimeMs: number, open: number): void {
    // Settlements before it are nobody's.
    exchangeUs = openTimeMs * 1_000;
    market.timeUs = exchangeUs;
    closeTicks = open;
    prices.say(exchangeUs, closeTicks);
    sample(openTimeMs);
  }

  return {
    push({ openTimesMs, open, high, low, close, volume }) {
      if (market.timeUs === 0 && openTimesMs.length > 0) begin(openTimesMs[0]!, open[0]!);
      for (let n = 0; n < openTimesMs.length; n++)
        step(openTimesMs[n]!, open[n]!, high[n]!, low[n]!, close[n]!, volume[n]!);
    },
    next({ openTimesMs, open, high, low, close, volume }, n) {
      if (market.timeUs === 0) begin(openTimesMs[n]!, open[n]!);
      step(openTimesMs[n]!, open[n]!, high[n]!, low[n]!, close[n]!, volume[n]!);
    },
    end() {
      if (market.timeUs > sampledMs * 1_000) sample(market.timeUs / 1_000);
    },
    liquidate(side, qtySteps, priceTicks) {
      liquidateBar(exchange, exchangeListener);
      isSafeKnown = false;
      const fill = { orderId: 0, side, priceTicks, qtySteps, kind: 'liquidation', positionSide: 'BOTH' } as const;
      answer(() => {
        own.move(side, qtySteps, 'BOTH');
        market.positionSteps = own.positionSteps;
        strategy.onFill?.(fill, market);
      });
    },
    market,
    counts,
  };
}
