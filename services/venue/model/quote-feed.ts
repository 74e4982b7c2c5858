import type { FrameSink } from '../market-source.ts';
import { bestLevel, type OrderBook } from './matching/order-book.ts';
import { bookTickerPayload } from './payloads.ts';
import type { MarketProfile } from './profiles.ts';

/** The bookTicker streams of one symbol: a quote for every change of a best price or its quantity. */
export interface QuoteFeed {
  /** Looks at the book after an action. */
  readonly look: (updateId: number, nowMs: number) => void;
  readonly framesMade: () => number;
}

export function quoteFeed(profile: MarketProfile, book: OrderBook, sink: FrameSink): QuoteFeed {
  const streams = [`${profile.symbol.toLowerCase()}@bookTicker`, '!bookTicker'];
  let framesMade = 0;
  let bidTicks = 0;
  let bidSteps = 0;
  let askTicks = 0;
  let askSteps = 0;
  return {
    framesMade: () => framesMade,
    look: (updateId, nowMs) => {
      const bid = bestLevel(book.bids);
      const ask = bestLevel(book.asks);
      if (bid === undefined || ask === undefined) return;
      const isSameBid = bid.priceTicks === bidTicks && bid.qtySteps === bidSteps;
      const isSameAsk = ask.priceTicks === askTicks && ask.qtySteps === askSteps;
      if (isSameBid && isSameAsk) return;
      bidTicks = bid.priceTicks;
      bidSteps = bid.qtySteps;
      askTicks = ask.priceTicks;
      askSteps = ask.qtySteps;
      framesMade++;
      for (const stream of streams) {
        if (sink.wants(stream)) sink.send(stream, bookTickerPayload(profile, book, updateId, nowMs));
      }
    },
  };
}
