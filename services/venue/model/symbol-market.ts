import { KLINE_INTERVALS_MS } from '../kline-intervals.ts';
import type { FrameSink } from '../market-source.ts';
import { type AggTrade, type AggTradeStore, aggTradeBuilder, aggTradeStore, type ModelTrade } from './agg-trades.ts';
import { type BarSeries, barSeries } from './bars.ts';
import { firstTradeId, type UpdateIds } from './clock.ts';
import { type DepthFeed, depthFeed } from './depth-feed.ts';
import { type FairValue, fairValue } from './fair-value.ts';
import { type Liquidation, liquidationEngine } from './liquidations.ts';
import { type MarkPrice, type MarkPriceClock, markPriceClock } from './mark-price.ts';
import type { MatchingListener } from './matching/matching.ts';
import { bestLevel, emptyOrderBook, type OrderBook } from './matching/order-book.ts';
import { orderFlow } from './order-flow.ts';
import {
  aggTradePayload,
  bookTickerPayload,
  forceOrderPayload,
  klinePayload,
  markPricePayload,
  tradePayload,
} from './payloads.ts';
import type { MarketProfile } from './profiles.ts';

/** Binance sends a kline at most this often, and one liquidation a symbol in a second. */
const KLINE_MS = 250;
const FORCE_ORDER_MS = 1000;

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
  /** Called each second of market time; sends the mark price and returns its payload. */
  readonly tickMarkPrice: (timeMs: number) => string;
  readonly liquidate: (timeMs: number, side: 'BUY' | 'SELL', qtySteps: number) => Liquidation | undefined;
  /** Frames that an ordinary subscriber of depth@100ms, bookTicker and aggTrade would have had. */
  readonly framesMade: () => number;
  readonly lastTrade: () => ModelTrade | undefined;
}

export function symbolMarket(
  profile: MarketProfile,
  ids: UpdateIds,
  sink: FrameSink,
  options: MarketOptions,
): SymbolMarket {
  const { anchorMs, pace } = options;
  const stream = profile.symbol.toLowerCase();
  const streams = { bookTicker: `${stream}@bookTicker`, trade: `${stream}@trade`, aggTrade: `${stream}@aggTrade` };
  const book = emptyOrderBook();
  const fair = fairValue(profile, options.seed, pace);
  const mark = markPriceClock(fair);
  const depth = depthFeed(profile, book, sink, options);
  const stored = aggTradeStore(firstTradeId(anchorMs));
  const bars = new Map([...KLINE_INTERVALS_MS.keys()].map((interval) => [interval, barSeries(interval)]));
  let framesMade = 0;
  let nowMs = anchorMs;
  let tradeId = firstTradeId(anchorMs);
  let lastTrade: ModelTrade | undefined;
  let isLive = false;
  let barsChanged = false;

  const sendAggTrade = (trade: AggTrade): void => {
    stored.push(trade);
    framesMade++;
    if (sink.wants(streams.aggTrade)) sink.send(streams.aggTrade, aggTradePayload(profile, trade, nowMs));
  };
  const aggregates = aggTradeBuilder(firstTradeId(anchorMs), pace, sendAggTrade);

  const sendKline = (interval: string, isClosedAt?: number): void => {
    const name = `${stream}@kline_${interval}`;
    const bar = bars.get(interval)?.open();
    if (bar !== undefined && sink.wants(name))
      sink.send(name, klinePayload(profile, interval, bar, isClosedAt ?? nowMs, false));
  };
  const advanceBars = (): void => {
    for (const [interval, series] of bars) {
      series.advance(nowMs, (bar) => {
        const name = `${stream}@kline_${interval}`;
        if (sink.wants(name)) sink.send(name, klinePayload(profile, interval, bar, nowMs, true));
      });
    }
  };

  const listener: MatchingListener = {
    onFill: (maker, qtySteps, aggressor) => {
      const trade = {
        id: tradeId++,
        timeMs: Math.floor(nowMs),
        priceTicks: maker.priceTicks,
        qtySteps,
        isBuyerMaker: aggressor === 'ask',
      };
      lastTrade = trade;
      if (sink.wants(streams.trade)) sink.send(streams.trade, tradePayload(profile, trade));
      for (const series of bars.values()) series.add(trade);
      barsChanged = true;
      aggregates.add(trade);
    },
    onLevel: (side, priceTicks) => {
      if (isLive) depth.changed(side, priceTicks, ids.next(nowMs), nowMs);
    },
  };
  const flow = orderFlow(profile, book, fair, listener, options);
  const liquidations = liquidationEngine(profile, book, flow.nextOrderId, options);
  const updateMark = (timeMs: number): MarkPrice => {
    const tick = profile.tickUnits / 10 ** profile.pricePrecision;
    const middleTicks = ((bestLevel(book.bids)?.priceTicks ?? 0) + (bestLevel(book.asks)?.priceTicks ?? 0)) / 2;
    return mark.update(timeMs, middleTicks * tick, (lastTrade?.priceTicks ?? middleTicks) * tick);
  };
  flow.fill(anchorMs);
  updateMark(anchorMs);
  depth.begin(ids.next(anchorMs), anchorMs);
  isLive = true;

  let nextActionMs = anchorMs + 1;
  let nextKlineMs = anchorMs + KLINE_MS / pace;
  let pendingLiquidation: Liquidation | undefined;
  let forceOrderAtMs = Number.POSITIVE_INFINITY;
  let best = { bidTicks: 0, bidSteps: 0, askTicks: 0, askSteps: 0 };

  const sendBookTicker = (): void => {
    const bid = bestLevel(book.bids);
    const ask = bestLevel(book.asks);
    if (bid === undefined || ask === undefined) return;
    if (
      bid.priceTicks === best.bidTicks &&
      bid.qtySteps === best.bidSteps &&
      ask.priceTicks === best.askTicks &&
      ask.qtySteps === best.askSteps
    ) {
      return;
    }
    best = { bidTicks: bid.priceTicks, bidSteps: bid.qtySteps, askTicks: ask.priceTicks, askSteps: ask.qtySteps };
    framesMade++;
    for (const name of [streams.bookTicker, '!bookTicker']) {
      if (sink.wants(name)) sink.send(name, bookTickerPayload(profile, book, depth.lastUpdateId(), nowMs));
    }
  };

  const liquidated = (liquidation: Liquidation | undefined): Liquidation | undefined => {
    sendBookTicker();
    if (liquidation === undefined || liquidation.filledSteps === 0) return liquidation;
    pendingLiquidation = liquidation;
    if (forceOrderAtMs === Number.POSITIVE_INFINITY) forceOrderAtMs = nowMs + FORCE_ORDER_MS / pace;
    return liquidation;
  };

  const sendForceOrder = (): void => {
    forceOrderAtMs = Number.POSITIVE_INFINITY;
    if (pendingLiquidation === undefined) return;
    for (const name of [`${stream}@forceOrder`, '!forceOrder@arr']) {
      if (sink.wants(name)) sink.send(name, forceOrderPayload(profile, pendingLiquidation, nowMs));
    }
    pendingLiquidation = undefined;
  };

  const sendKlines = (): void => {
    nextKlineMs += KLINE_MS / pace;
    if (barsChanged) for (const interval of bars.keys()) sendKline(interval);
    barsChanged = false;
  };

  return {
    profile,
    book,
    fair,
    mark,
    depth,
    aggTrades: stored,
    bars,
    framesMade: () => framesMade + depth.framesMade(),
    lastTrade: () => lastTrade,
    nextMs: () =>
      Math.min(
        nextActionMs,
        depth.nextMs(),
        nextKlineMs,
        aggregates.releaseAtMs(),
        forceOrderAtMs,
        liquidations.nextMs(),
      ),
    step: (intensity) => {
      nowMs = Math.min(
        nextActionMs,
        depth.nextMs(),
        nextKlineMs,
        aggregates.releaseAtMs(),
        forceOrderAtMs,
        liquidations.nextMs(),
      );
      advanceBars();
      if (nowMs === aggregates.releaseAtMs()) aggregates.release();
      if (nowMs === liquidations.nextMs()) liquidated(liquidations.look(nowMs, listener));
      if (nowMs === nextActionMs) {
        nextActionMs = flow.act(nowMs, intensity);
        sendBookTicker();
      }
      if (nowMs === depth.nextMs()) depth.flush(nowMs);
      if (nowMs === nextKlineMs) sendKlines();
      if (nowMs === forceOrderAtMs) sendForceOrder();
    },
    tickMarkPrice: (timeMs) => {
      const payload = markPricePayload(profile, updateMark(timeMs));
      const isThird = Math.floor(timeMs / 1000) % 3 === 0;
      if (sink.wants(`${stream}@markPrice@1s`)) sink.send(`${stream}@markPrice@1s`, payload);
      if (isThird && sink.wants(`${stream}@markPrice`)) sink.send(`${stream}@markPrice`, payload);
      return payload;
    },
    liquidate: (timeMs, side, qtySteps) => {
      nowMs = Math.max(nowMs, timeMs);
      return liquidated(liquidations.force(nowMs, side, qtySteps, listener));
    },
  };
}
