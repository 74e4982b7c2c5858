import { nextOpenTimeOf, openTimeOf } from '../kline-intervals.ts';
import type { SpanQuery } from '../market-source.ts';
import type { ModelTrade } from './agg-trades.ts';

/** A candle made of trades. Prices in ticks, volumes in steps, quote volumes in ticks × steps. */
export interface Bar {
  readonly openTimeMs: number;
  /** Last millisecond of the bar. */
  readonly closeTimeMs: number;
  readonly openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volumeSteps: number;
  buyVolumeSteps: number;
  quoteVolume: bigint;
  buyQuoteVolume: bigint;
  /** −1 when there was no trade. */
  firstTradeId: number;
  lastTradeId: number;
  trades: number;
}

/** Bars kept an interval: the most that one request may ask for. */
const KEPT = 1500;

/** The bars of one interval: the open one and the closed ones before it. */
export interface BarSeries {
  readonly interval: string;
  readonly add: (trade: ModelTrade) => void;
  /** Closes every bar that ends before `timeMs`, an empty one where nothing was traded. */
  readonly advance: (timeMs: number, onClosed: (bar: Bar) => void) => void;
  /** Undefined before the first trade. */
  readonly open: () => Bar | undefined;
  readonly select: (query: SpanQuery) => Bar[];
}

export function barSeries(interval: string): BarSeries {
  const closed: Bar[] = [];
  let open: Bar | undefined;
  return {
    interval,
    open: () => open,
    add: (trade) => {
      open ??= emptyBar(interval, openTimeOf(interval, trade.timeMs), trade.priceTicks);
      if (open.trades === 0) open = { ...open, openTicks: trade.priceTicks, highTicks: 0, lowTicks: Infinity };
      addTrade(open, trade);
    },
    advance: (timeMs, onClosed) => {
      while (open !== undefined && open.closeTimeMs < timeMs) {
        const bar: Bar = open;
        open = emptyBar(interval, bar.closeTimeMs + 1, bar.closeTicks);
        closed.push(bar);
        if (closed.length > KEPT) closed.shift();
        onClosed(bar);
      }
    },
    select: ({ startTimeMs, endTimeMs, limit }) => {
      const bars = open === undefined ? closed : [...closed, open];
      const within = bars.filter(
        (bar) => bar.openTimeMs >= (startTimeMs ?? 0) && bar.openTimeMs <= (endTimeMs ?? Number.POSITIVE_INFINITY),
      );
      return startTimeMs === undefined ? within.slice(-limit) : within.slice(0, limit);
    },
  };
}

function emptyBar(interval: string, openTimeMs: number, priceTicks: number): Bar {
  return {
    openTimeMs,
    closeTimeMs: nextOpenTimeOf(interval, openTimeMs) - 1,
    openTicks: priceTicks,
    highTicks: priceTicks,
    lowTicks: priceTicks,
    closeTicks: priceTicks,
    volumeSteps: 0,
    buyVolumeSteps: 0,
    quoteVolume: 0n,
    buyQuoteVolume: 0n,
    firstTradeId: -1,
    lastTradeId: -1,
    trades: 0,
  };
}

function addTrade(bar: Bar, trade: ModelTrade): void {
  const quote = BigInt(trade.priceTicks * trade.qtySteps);
  bar.highTicks = Math.max(bar.highTicks, trade.priceTicks);
  bar.lowTicks = Math.min(bar.lowTicks, trade.priceTicks);
  bar.closeTicks = trade.priceTicks;
  bar.volumeSteps += trade.qtySteps;
  bar.quoteVolume += quote;
  if (!trade.isBuyerMaker) {
    bar.buyVolumeSteps += trade.qtySteps;
    bar.buyQuoteVolume += quote;
  }
  if (bar.trades === 0) bar.firstTradeId = trade.id;
  bar.lastTradeId = trade.id;
  bar.trades++;
}
