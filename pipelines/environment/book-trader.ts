import { bestTick, stepsAt } from '../../operators/book/ladder.ts';
import type { Market, StrategyFill } from '../simulation/strategy.ts';
import { type PositionSize, positionSizer } from './bar-target.ts';
import { type BookActions, bookDecision } from './book-actions.ts';
import { type BookObservation, type BookView, createBookObservation, type DistanceUnit } from './book-observation.ts';
import { openSteps, quote, quoteOf } from './book-orders.ts';
import { leave, lookAt, type QueueAhead } from './book-queue.ts';
import { applyFill, unrealised } from './book-told-position.ts';
import type { ToldTrades } from './book-told-trades.ts';
import { bringTo, stepsOfTarget } from './bring-to.ts';
import type { Normalisation } from './normalisation.ts';
import type { Space } from './space.ts';

export interface BookTraderOptions {
  /** Levels a side that are observed. */
  readonly levels: number;
  readonly distance: DistanceUnit;
  /** Of the columns of features. */
  readonly normalisation: Normalisation;
  readonly actions: BookActions;
  /** What the target 1 means, and a quote of size 1. */
  readonly size: PositionSize;
  /** Of the instrument: base asset, and quote asset. */
  readonly stepSize: number;
  readonly tickSize: number;
  /** What profit is observed in parts of, quote asset. */
  readonly balance: number;
}

/**
 * What an agent on a book sees when it decides, and how its action becomes orders. It knows what a strategy is told: the book,
 * trades and fills as they have come to it.
 */
export interface BookTrader {
  readonly shape: BookObservation;
  readonly actionSpace: Space;
  /** Written anew by each `look`. */
  readonly observation: Float32Array;
  readonly minSteps: number;
  /** Position that is wanted, steps; where it quotes the one that it has. */
  readonly wantedSteps: number;
  /** Forgets what came before. */
  reset(): void;
  /** Is told of an own fill. */
  onFill(fill: StrategyFill, timeUs: number): void;
  /** @param flow what trades told since the last look, which is cleared */
  look(market: Market, flow: ToldTrades): void;
  /** Reads an action. @throws RangeError where it is not of the space; nothing is changed then */
  read(action: number | Float32Array): void;
  /** Sends what the action that was read needs; where the book or a feature is not valid, quotes are withdrawn. */
  act(market: Market): void;
}

/** @throws RangeError for an option that cannot be */
export function createBookTrader(options: BookTraderOptions): BookTrader {
  const { normalisation, stepSize, tickSize, balance } = options;
  const { columns } = normalisation;
  const decision = bookDecision(options.actions);
  const { quotes } = decision;
  const isQuoting = !Number.isNaN(decision.maxPosition);
  const mostSteps = Math.floor(decision.maxPosition / stepSize + 1e-9);
  const size = positionSizer(options.size, stepSize);
  const shape = createBookObservation(options);
  const told = { steps: 0, cost: 0, tradedUs: Number.NEGATIVE_INFINITY };
  const view: BookView = {
    isValid: false,
    buySteps: 0,
    sellSteps: 0,
    trades: 0,
    features: new Float64Array(columns.length),
    position: 0,
    unrealised: 0,
    sinceTradeMs: 0,
    unitSteps: 1,
    bid: { priceTicks: Number.NaN, openSteps: 0, aheadSteps: 0 },
    ask: { priceTicks: Number.NaN, openSteps: 0, aheadSteps: 0 },
  };
  let lastTarget = 0;

  function lookAtSide(market: Market, queue: QueueAhead, isBuy: boolean): void {
    const { orders, book } = market;
    const own = isBuy ? view.bid : view.ask;
    const order = quoteOf(orders, isBuy ? 'buy' : 'sell');
    own.openSteps = openSteps(orders, isBuy ? 'buy' : 'sell');
    own.priceTicks = order === undefined ? Number.NaN : order.priceTicks;
    if (order === undefined || order.state === 'sent' || Number.isNaN(order.priceTicks) || !view.isValid) leave(queue);
    else lookAt(queue, order.orderId, order.priceTicks, stepsAt(isBuy ? book.bids : book.asks, order.priceTicks));
    own.aheadSteps = queue.aheadSteps;
  }

  function goToTarget(market: Market): void {
    const { target } = decision;
    if (target !== lastTarget || size.isFixed) {
      lastTarget = target;
      trader.wantedSteps = stepsOfTarget(target, view.unitSteps);
    }
    bringTo(market, trader.wantedSteps, size.minSteps);
  }

  /** @param roomSteps what the position may still become larger by on that side */
  function quoteSteps(part: number, roomSteps: number): number {
    const steps = Math.min(Math.round(part * view.unitSteps), roomSteps);
    return steps < size.minSteps ? 0 : steps;
  }

  function keepQuotes(market: Market, isValid: boolean): void {
    const { positionSteps, bidTicks, askTicks } = market;
    trader.wantedSteps = positionSteps;
    const mayQuote = isValid && bidTicks < askTicks;
    const bidSteps = mayQuote ? quoteSteps(quotes.bidSize, mostSteps - positionSteps) : 0;
    const askSteps = mayQuote ? quoteSteps(quotes.askSize, mostSteps + positionSteps) : 0;
    quote(market, 'buy', bidTicks - quotes.bidOffset, bidSteps);
    quote(market, 'sell', askTicks + quotes.askOffset, askSteps);
  }

  // Plain properties for what is looked at with every step.
  const trader = {
    shape,
    actionSpace: decision.space,
    observation: new Float32Array(shape.names.length),
    minSteps: size.minSteps,
    wantedSteps: 0,
    reset(): void {
      lastTarget = 0;
      trader.wantedSteps = 0;
      told.steps = 0;
      told.cost = 0;
      told.tradedUs = Number.NEGATIVE_INFINITY;
    },
    onFill(fill: StrategyFill, timeUs: number): void {
      applyFill(told, fill, timeUs);
    },
    look(market: Market, flow: ToldTrades): void {
      const { book, timeUs, positionSteps } = market;
      const midTicks = (bestTick(book.bids) + bestTick(book.asks)) / 2;
      view.unitSteps = size.isFixed ? size.unitSteps(0, 0) : size.unitSteps(market.equity(), midTicks * tickSize);
      view.isValid = market.isBookValid;
      view.buySteps = flow.buySteps;
      view.sellSteps = flow.sellSteps;
      view.trades = flow.trades;
      flow.clear();
      lookAtSide(market, flow.bid, true);
      lookAtSide(market, flow.ask, false);
      for (let n = 0; n < columns.length; n++) view.features[n] = market.feature(columns[n]!);
      view.position = positionSteps / view.unitSteps;
      view.unrealised = (unrealised(told, midTicks) * tickSize * stepSize) / balance;
      view.sinceTradeMs = (timeUs - told.tradedUs) / 1_000;
      shape.write(trader.observation, book, view);
    },
    read: decision.read,
    act(market: Market): void {
      const isValid = market.isBookValid && market.areFeaturesValid;
      if (isQuoting) keepQuotes(market, isValid);
      else if (isValid) goToTarget(market);
    },
  };
  return trader;
}
