import type { FrameSink } from '../market-source.ts';
import type { TradingListener } from '../trading-market.ts';
import type { AggTradeStore } from './agg-trades.ts';
import type { BarSeries } from './bars.ts';
import type { UpdateIds } from './clock.ts';
import { type DepthFeed, depthFeed } from './depth-feed.ts';
import { type FairValue, fairValue, nextFundingTimeMs } from './fair-value.ts';
import { forceOrderFeed } from './force-order-feed.ts';
import { klineFeed } from './kline-feed.ts';
import { type Liquidation, liquidationEngine } from './liquidations.ts';
import { type MarkPrice, type MarkPriceClock, markPriceClock } from './mark-price.ts';
import type { MatchingListener } from './matching/matching.ts';
import { bestLevel, emptyOrderBook, type OrderBook } from './matching/order-book.ts';
import { orderFlow } from './order-flow.ts';
import { type OwnOrders, ownOrders } from './own-orders.ts';
import { markPricePayload } from './payloads.ts';
import type { MarketProfile } from './profiles.ts';
import { quoteFeed } from './quote-feed.ts';
import { tradeFeed } from './trade-feed.ts';

export interface MarketOptions {
  readonly seed: number;
  readonly anchorMs: number;
  readonly pace: number;
}

/** One instrument of the model: its book, the flow into it and everything that is published of it. */
export interface SymbolMarket {
  readonly profile: MarketProfile;
  readonly book: OrderBook;
  readonly fair: FairValue;
  readonly mark: MarkPriceClock;
  readonly depth: DepthFeed;
  readonly aggTrades: AggTradeStore;
  readonly bars: ReadonlyMap<string, BarSeries>;
  readonly nextMs: () => number;
  /** Does what is due at `nextMs()`; `intensity` multiplies the rate of the flow. */
  readonly step: (intensity: number) => void;
  /** What an account does to the book, at that time. */
  readonly act: <Result>(timeMs: number, action: (own: OwnOrders, nowMs: number) => Result) => Result;
  readonly lastTicks: () => number | undefined;
  /** Called each second of market time; sends the mark price and returns its payload. */
  readonly tickMarkPrice: (timeMs: number) => string;
  /** Closes a position by force; undefined when there is nobody to trade with. */
  readonly liquidate: (timeMs: number, side: 'BUY' | 'SELL', qtySteps: number) => Liquidation | undefined;
  /** Frames that an ordinary subscriber of depth@100ms, bookTicker and aggTrade would have had. */
  readonly framesMade: () => number;
}

export function symbolMarket(
  profile: MarketProfile,
  ids: UpdateIds,
  sink: FrameSink,
  options: MarketOptions,
  hears: () => TradingListener | undefined,
): SymbolMarket {
  const { anchorMs, pace } = options;
  const book = emptyOrderBook();
  const fair = fairValue(profile, options.seed, pace);
  const mark = markPriceClock(fair);
  const depth = depthFeed(profile, book, sink, options);
  const trades = tradeFeed(profile, sink, options);
  const klines = klineFeed(profile, sink, options);
  const quotes = quoteFeed(profile, book, sink);
  const forceOrders = forceOrderFeed(profile, sink, pace);
  let nowMs = anchorMs;
  let isOpen = false;
  /** The book is between two states while a fill is told, and its quote is not to be looked at. */
  let isFilling = false;

  const listener: MatchingListener = {
    onFill: (maker, qtySteps, aggressor) => {
      const trade = trades.fill(maker.priceTicks, qtySteps, aggressor === 'ask', nowMs);
      klines.add(trade);
      isFilling = true;
      own.filled(maker, qtySteps, trade);
      isFilling = false;
    },
    onLevel: (side, priceTicks) => {
      if (isOpen) depth.changed(side, priceTicks, ids.next(nowMs), nowMs);
    },
  };
  const flow = orderFlow(profile, book, fair, listener, options);
  const own = ownOrders(profile.symbol, book, listener, flow.nextOrderId, hears);
  const liquidations = liquidationEngine(profile, book, flow.nextOrderId, options);
  let nextActionMs = anchorMs + 1;
  let nextFundingMs = nextFundingTimeMs(anchorMs);

  const updateMark = (timeMs: number): MarkPrice => {
    const tick = profile.tickUnits / 10 ** profile.pricePrecision;
    const middleTicks = ((bestLevel(book.bids)?.priceTicks ?? 0) + (bestLevel(book.asks)?.priceTicks ?? 0)) / 2;
    return mark.update(timeMs, middleTicks * tick, (trades.lastTrade()?.priceTicks ?? middleTicks) * tick);
  };
  /** The rate and the price that `fundingRate` tells of this settlement. */
  const settleFunding = (timeMs: number): void => {
    if (timeMs < nextFundingMs) return;
    const settledMs = nextFundingMs;
    nextFundingMs = nextFundingTimeMs(timeMs);
    hears()?.onFunding(profile.symbol, inE8(fair.fundingRate(settledMs)), inE8(fair.index(settledMs)), settledMs);
  };
  const report = (liquidation: Liquidation | undefined): Liquidation | undefined => {
    quotes.look(depth.lastUpdateId(), nowMs);
    if (liquidation !== undefined && liquidation.filledSteps > 0) forceOrders.report(liquidation, nowMs);
    return liquidation;
  };
  const nextMs = (): number =>
    Math.min(
      nextActionMs,
      depth.nextMs(),
      klines.nextMs(),
      trades.nextMs(),
      forceOrders.nextMs(),
      liquidations.nextMs(),
    );

  flow.fill(anchorMs);
  updateMark(anchorMs);
  depth.begin(ids.next(anchorMs), anchorMs);
  isOpen = true;

  return {
    profile,
    book,
    fair,
    mark,
    depth,
    aggTrades: trades.store,
    bars: klines.series,
    framesMade: () => depth.framesMade() + quotes.framesMade() + trades.framesMade(),
    nextMs,
    step: (intensity) => {
      nowMs = nextMs();
      klines.advance(nowMs);
      if (nowMs === trades.nextMs()) trades.flush(nowMs);
      if (nowMs === liquidations.nextMs()) report(liquidations.look(nowMs, listener));
      if (nowMs === nextActionMs) {
        nextActionMs = flow.act(nowMs, intensity);
        quotes.look(depth.lastUpdateId(), nowMs);
      }
      if (nowMs === depth.nextMs()) depth.flush(nowMs);
      if (nowMs === klines.nextMs()) klines.flush(nowMs);
      if (nowMs === forceOrders.nextMs()) forceOrders.flush(nowMs);
    },
    act: (timeMs, action) => {
      nowMs = Math.max(nowMs, timeMs);
      klines.advance(nowMs);
      const result = action(own, nowMs);
      if (!isFilling) quotes.look(depth.lastUpdateId(), nowMs);
      return result;
    },
    lastTicks: () => trades.lastTrade()?.priceTicks,
    tickMarkPrice: (timeMs) => {
      settleFunding(timeMs);
      const latest = updateMark(timeMs);
      hears()?.onMark(profile.symbol, { markPriceE8: inE8(latest.markPrice), timeMs });
      const payload = markPricePayload(profile, latest);
      const stream = `${profile.symbol.toLowerCase()}@markPrice`;
      const isThird = Math.floor(timeMs / 1000) % 3 === 0;
      if (sink.wants(`${stream}@1s`)) sink.send(`${stream}@1s`, payload);
      if (isThird && sink.wants(stream)) sink.send(stream, payload);
      return payload;
    },
    liquidate: (timeMs, side, qtySteps) => {
      nowMs = Math.max(nowMs, timeMs);
      klines.advance(nowMs);
      return report(liquidations.force(nowMs, side, qtySteps, listener));
    },
  };
}

/** In 1e-8, by the text that is published. */
export function inE8(value: number): number {
  return Math.round(Number(value.toFixed(8)) * 1e8);
}
