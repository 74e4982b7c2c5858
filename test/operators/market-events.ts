import type { BookBreak } from '../../operators/book/book-break.ts';
import type { TopOfBook } from '../../operators/book/top-of-book.ts';
import type { Sample } from '../../operators/features/feature-input.ts';
import type { DepthSnapshot } from '../../streams/events/depth-snapshot.ts';
import type { DepthUpdate } from '../../streams/events/depth-update.ts';
import type { Gap, GapReason } from '../../streams/events/gap.ts';
import type { InstrumentFilters } from '../../streams/events/instrument-filters.ts';
import type { InstrumentInfo } from '../../streams/events/instrument-info.ts';
import type { Levels } from '../../streams/events/levels.ts';
import type { MarkPrice } from '../../streams/events/mark-price.ts';
import { createScale } from '../../streams/events/scale.ts';
import type { Trade } from '../../streams/events/trade.ts';

/** Price in ticks and quantity in steps. */
export type Level = readonly [ticks: number, steps: number];

/** Levels as the decoder lends them: in arrays that are longer than what they hold. */
export function levels(pairs: readonly Level[]): Levels {
  const ticks = new Float64Array(pairs.length + 3).fill(-1);
  const steps = new Float64Array(pairs.length + 3).fill(-1);
  pairs.forEach(([tick, step], n) => {
    ticks[n] = tick;
    steps[n] = step;
  });
  return { start: 0, count: pairs.length, ticks, steps };
}

/** A diff from behind `pu` up to `u`. */
export function diff(
  [pu, u]: readonly [pu: number, u: number],
  bids: readonly Level[] = [],
  asks: readonly Level[] = [],
  transactionTimeMs: number = u,
): DepthUpdate {
  return {
    type: 'depthUpdate',
    eventTimeMs: transactionTimeMs + 1,
    transactionTimeMs,
    firstUpdateId: pu + 1,
    finalUpdateId: u,
    previousFinalUpdateId: pu,
    bids: levels(bids),
    asks: levels(asks),
  };
}

export function snapshot(lastUpdateId: number, bids: readonly Level[], asks: readonly Level[]): DepthSnapshot {
  return { type: 'depthSnapshot', lastUpdateId, eventTimeMs: lastUpdateId, bids: levels(bids), asks: levels(asks) };
}

export function gap(channel: string, reason: GapReason = 'sequence'): Gap {
  return { type: 'gap', channel, expected: null, found: null, reason };
}

export function instrument(tickSize = '0.10', stepSize = '0.001'): InstrumentInfo {
  return { type: 'instrument', symbol: 'BTCUSDT', scale: createScale(tickSize, stepSize), isInferred: false };
}

export function quote(atMs: number, [bidTicks, bidSteps]: Level, [askTicks, askSteps]: Level): TopOfBook {
  return { type: 'topOfBook', updateId: atMs, transactionTimeMs: atMs, bidTicks, bidSteps, askTicks, askSteps };
}

export function sample(timeMs: number): Sample {
  return { type: 'sample', timeMs };
}

export const BOOK_BREAK: BookBreak = Object.freeze({ type: 'bookBreak' });

export function trade(atMs: number, priceTicks: number, qtySteps: number, others: Partial<Trade> = {}): Trade {
  return {
    type: 'trade',
    channel: 'aggTrade',
    transactionTimeMs: atMs,
    tradeId: atMs,
    priceTicks,
    qtySteps,
    firstTradeId: atMs,
    lastTradeId: atMs,
    aggressorSide: 'buy',
    isMarket: true,
    ...others,
  };
}

/** What an instrument asks of orders: that, and nothing else. */
export function filtersOf(asked: Partial<InstrumentFilters>): InstrumentFilters {
  return {
    minPriceTicks: null,
    maxPriceTicks: null,
    minQtySteps: null,
    maxQtySteps: null,
    marketMinQtySteps: null,
    marketMaxQtySteps: null,
    minNotionalTickSteps: null,
    multiplierUp: null,
    multiplierDown: null,
    maxOrders: null,
    triggerProtect: null,
    marketTakeBound: null,
    ...asked,
  };
}

/** A mark price in the quote asset. */
export function markPrice(eventTimeMs: number, price: number): MarkPrice {
  return {
    type: 'markPrice',
    eventTimeMs,
    markPrice: price,
    indexPrice: price,
    settlePrice: null,
    fundingRate: 0.0001,
    nextFundingTimeMs: eventTimeMs + 3_600_000,
  };
}

/** A seeded source of numbers below 1, for examples that are the same in each run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Quotes of a market that walks at random, some 20 a second with pauses, now and then out of order by a few ms. */
export function randomQuotes(seed: number, count: number): TopOfBook[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let atMs = 1_723_161_255_000;
  let bid = 618_000;
  return Array.from({ length: count }, (_, n) => {
    atMs += random() < 0.02 ? below(4_000) : below(100) - 5;
    bid += below(5) - 2;
    const ask = bid + 1 + below(3);
    return { ...quote(atMs, [bid, 1 + below(5_000)], [ask, 1 + below(5_000)]), updateId: n };
  });
}

/** Trades of the same kind of market. */
export function randomTrades(seed: number, count: number): Trade[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let atMs = 1_723_161_255_000;
  let tradeId = 100;
  return Array.from({ length: count }, (_, n) => {
    atMs += random() < 0.03 ? below(9_000) : below(400) - 40;
    const firstTradeId = tradeId;
    tradeId += 1 + below(4);
    const aggressorSide = random() < 0.5 ? 'buy' : 'sell';
    const ids = { tradeId: n, firstTradeId, lastTradeId: tradeId - 1 };
    return trade(atMs, 618_000 + below(50), 1 + below(3_000), { ...ids, aggressorSide });
  });
}
