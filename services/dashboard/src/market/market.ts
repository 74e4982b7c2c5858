import { createSeries, type Series } from '../store/series.ts';
import { createStore, type Store } from '../store/store.ts';
import { addTradeToBars, BARS_MAX, type Bar, type Interval, readBar } from './bars.ts';
import { type Book, readBook } from './book.ts';
import { type FeatureSample, isOfSpine, readFeatureSample, SAMPLES_MAX } from './features.ts';
import { type Gap, readGap, withGaps } from './gaps.ts';
import type { Instrument } from './instrument.ts';
import { type InvalidSpan, withBook } from './invalid-spans.ts';
import { type Liquidation, readLiquidation, withLiquidations } from './liquidations.ts';
import { type MarkPrice, readMarkPrice } from './mark-price.ts';
import { readTrade, type Trade, withTrades } from './trades.ts';

/** Price of the last trade, and which way it went from the price before. */
export interface LastPrice {
  readonly price: string;
  readonly direction: 'up' | 'down' | 'same';
  readonly timeMs: number;
}

/** Everything that is shown of one instrument. Bounded, however long it runs. */
export interface Market {
  readonly instrument: Instrument;
  readonly book: Store<Book | null>;
  /** Since the page was opened. */
  readonly invalidSpans: Store<readonly InvalidSpan[]>;
  readonly trades: Store<readonly Trade[]>;
  readonly lastPrice: Store<LastPrice | null>;
  readonly liquidations: Store<readonly Liquidation[]>;
  readonly gaps: Store<readonly Gap[]>;
  readonly markPrice: Store<MarkPrice | null>;
  readonly bars: Readonly<Record<Interval, Series<Bar>>>;
  readonly samples: Series<FeatureSample>;
  /** Interval that suits the data at hand, for those who have chosen none. */
  readonly fittingInterval: Store<Interval>;
}

/** Topics of the stream that a market takes in. */
export const MARKET_TOPICS = [
  'book',
  'trades',
  'bar',
  'bars_1m',
  'bars_1s',
  'features',
  'gaps',
  'liquidations',
  'mark_prices',
] as const;

export type MarketTopic = (typeof MARKET_TOPICS)[number];

export function createMarket(instrument: Instrument): Market {
  return {
    instrument,
    book: createStore<Book | null>(null),
    invalidSpans: createStore<readonly InvalidSpan[]>([]),
    trades: createStore<readonly Trade[]>([]),
    lastPrice: createStore<LastPrice | null>(null),
    liquidations: createStore<readonly Liquidation[]>([]),
    gaps: createStore<readonly Gap[]>([]),
    markPrice: createStore<MarkPrice | null>(null),
    bars: { '1s': createSeries<Bar>(BARS_MAX['1s']), '1m': createSeries<Bar>(BARS_MAX['1m']) },
    samples: createSeries<FeatureSample>(SAMPLES_MAX),
    fittingInterval: createStore<Interval>('1m'),
  };
}

/** Takes one event of the stream in. @throws TypeError naming the field that is not as expected */
export function takeIn(market: Market, topic: MarketTopic, data: unknown): void {
  switch (topic) {
    case 'book':
      takeBook(market, readBook(data));
      return;
    case 'trades':
      takeTrades(market, [readTrade(data)]);
      return;
    case 'bar':
    case 'bars_1m':
      takeBar(market, '1m', data);
      return;
    case 'bars_1s':
      takeBar(market, '1s', data);
      return;
    case 'features':
      if (isOfSpine(data)) market.samples.put(readFeatureSample(data));
      return;
    case 'gaps':
      market.gaps.set(withGaps(market.gaps.get(), [readGap(data)]));
      return;
    case 'liquidations':
      market.liquidations.set(withLiquidations(market.liquidations.get(), [readLiquidation(data)]));
      return;
    case 'mark_prices':
      market.markPrice.set(readMarkPrice(data));
      return;
  }
}

export function takeBook(market: Market, book: Book): void {
  market.book.set(book);
  market.invalidSpans.set(withBook(market.invalidSpans.get(), book));
}

/** Takes trades in, live ones or history. */
export function takeTrades(market: Market, trades: readonly Trade[]): void {
  market.trades.set(withTrades(market.trades.get(), trades));
  const newest = market.trades.get()[0];
  if (newest === undefined) return;
  const before = market.lastPrice.get();
  market.lastPrice.set({ price: newest.price, direction: directionOf(before, newest), timeMs: newest.timeMs });
  if (trades.length === 1) {
    addTradeToBars(market.bars['1s'], trades[0]!, '1s');
  }
}

function directionOf(before: LastPrice | null, newest: Trade): LastPrice['direction'] {
  if (before === null) return 'same';
  const change = Number(newest.price) - Number(before.price);
  // An unchanged price keeps its direction, as on an exchange's ticker.
  return change > 0 ? 'up' : change < 0 ? 'down' : before.direction;
}

function takeBar(market: Market, interval: Interval, data: unknown): void {
  const bar = readBar(data);
  if (bar !== null) market.bars[interval].put(bar);
}
