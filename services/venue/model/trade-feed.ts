import type { FrameSink } from '../market-source.ts';
import { type AggTradeStore, aggTradeBuilder, aggTradeStore, type ModelTrade } from './agg-trades.ts';
import { firstTradeId } from './clock.ts';
import { aggTradePayload, tradePayload } from './payloads.ts';
import type { MarketProfile } from './profiles.ts';

/** The trade and aggTrade streams of one symbol, and the aggregates kept for REST. */
export interface TradeFeed {
  readonly store: AggTradeStore;
  /** Sends a fill as a trade and joins it to the aggregate. */
  readonly fill: (priceTicks: number, qtySteps: number, isBuyerMaker: boolean, nowMs: number) => ModelTrade;
  readonly lastTrade: () => ModelTrade | undefined;
  /** When the open aggregate is due. */
  readonly nextMs: () => number;
  readonly flush: (nowMs: number) => void;
  /** Aggregates so far. */
  readonly framesMade: () => number;
}

export function tradeFeed(
  profile: MarketProfile,
  sink: FrameSink,
  options: { readonly anchorMs: number; readonly pace: number },
): TradeFeed {
  const tradeStream = `${profile.symbol.toLowerCase()}@trade`;
  const aggTradeStream = `${profile.symbol.toLowerCase()}@aggTrade`;
  const firstId = firstTradeId(options.anchorMs);
  const store = aggTradeStore(firstId);
  let nextId = firstId;
  let nowMs = options.anchorMs;
  let framesMade = 0;
  let lastTrade: ModelTrade | undefined;
  const aggregates = aggTradeBuilder(firstId, options.pace, (trade) => {
    store.push(trade);
    framesMade++;
    if (sink.wants(aggTradeStream)) sink.send(aggTradeStream, aggTradePayload(profile, trade, nowMs));
  });
  return {
    store,
    lastTrade: () => lastTrade,
    nextMs: aggregates.releaseAtMs,
    framesMade: () => framesMade,
    fill: (priceTicks, qtySteps, isBuyerMaker, timeMs) => {
      nowMs = timeMs;
      const trade = { id: nextId++, timeMs: Math.floor(timeMs), priceTicks, qtySteps, isBuyerMaker };
      lastTrade = trade;
      if (sink.wants(tradeStream)) sink.send(tradeStream, tradePayload(profile, trade));
      aggregates.add(trade);
      return trade;
    },
    flush: (timeMs) => {
      nowMs = timeMs;
      aggregates.release();
    },
  };
}
