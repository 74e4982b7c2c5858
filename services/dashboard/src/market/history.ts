import { type Answer, get, instrumentPath, itemsOf } from '../api/client.ts';
import { isPassing, type Problem } from '../api/problem.ts';
import type { Series, Timed } from '../store/series.ts';
import type { Store } from '../store/store.ts';
import { BARS_MAX, type Bar, type Interval, readBar } from './bars.ts';
import { readBook } from './book.ts';
import { type FeatureSample, readFeatureSample, SAMPLES_MAX, SPINE_SET } from './features.ts';
import { readGap, withGaps } from './gaps.ts';
import { readLiquidation, withLiquidations } from './liquidations.ts';
import { readMarkPrice } from './mark-price.ts';
import { type Market, takeBook, takeTrades } from './market.ts';
import { readTrade } from './trades.ts';

const HISTORY_PARTS = [
  'book',
  'trades',
  'bars 1m',
  'bars 1s',
  'features',
  'gaps',
  'liquidations',
  'mark prices',
] as const;

export type HistoryPart = (typeof HISTORY_PARTS)[number];

/** How the loading of each part stands; a problem says why it failed. */
export type HistoryState = Readonly<Record<HistoryPart, 'loading' | 'loaded' | Problem>>;

export const HISTORY_LOADING = Object.fromEntries(HISTORY_PARTS.map((part) => [part, 'loading'])) as HistoryState;

/** Fewer minute candles in a chart of some hundred say less than as many minutes of seconds. */
const MINUTES_MIN = 60;

/** Until what could not be loaded is asked for again. */
const RETRY_MS = 5_000;

/** As many seconds as are kept: the charts have one time axis, and candles of minutes reach further back still. */
const FEATURE_ROWS = SAMPLES_MAX;

/** Loads what happened before the stream began to flow; live events that came meanwhile stay on top. */
export async function loadHistory(market: Market, state: Store<HistoryState>, signal: AbortSignal): Promise<void> {
  const name = market.instrument.name;
  const path = (route: string, query: Record<string, string | number>): string => instrumentPath(name, route, query);

  async function load<T>(
    part: HistoryPart,
    url: string,
    read: (body: unknown) => T,
    take: (value: T) => void,
  ): Promise<void> {
    const answer: Answer<T> = await get(url, read, signal);
    if (signal.aborted) return;
    if (!answer.isOk && isPassing(answer.problem)) {
      tellOnce(part, answer.problem);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      return signal.aborted ? undefined : load(part, url, read, take);
    }
    // Nothing recorded yet is no failure: the panel says so itself.
    const isNothingThere = !answer.isOk && answer.problem.status === 404;
    if (answer.isOk) take(answer.value);
    state.set({ ...state.get(), [part]: answer.isOk || isNothingThere ? 'loaded' : answer.problem });
  }

  // Asked again in vain, it has nothing new to announce.
  function tellOnce(part: HistoryPart, problem: Problem): void {
    const told = state.get()[part];
    if (typeof told === 'string' || told.title !== problem.title || told.detail !== problem.detail)
      state.set({ ...state.get(), [part]: problem });
  }

  // Without a start the newest rows are given, also of a recording of long ago.
  const bars = (interval: Interval): Promise<void> =>
    load(
      `bars ${interval}`,
      path('bars', { interval, source: 'trades', limit: BARS_MAX[interval] }),
      itemsOf('bars', readBar),
      (rows) => loadInto<Bar>(market.bars[interval], rows),
    );

  await Promise.all([
    load('book', path('book', { levels: 20 }), readBook, (book) => {
      if (market.book.get() === null) takeBook(market, book);
    }),
    load('trades', path('trades', { limit: 200 }), itemsOf('trades', readTrade), (rows) => takeTrades(market, rows)),
    bars('1m').then(() => {
      if (market.bars['1m'].get().length < MINUTES_MIN) market.fittingInterval.set('1s');
    }),
    bars('1s'),
    load(
      'features',
      path('features', { set: SPINE_SET, every: '1s', limit: FEATURE_ROWS }),
      itemsOf('features', readFeatureSample),
      (rows) => loadInto<FeatureSample>(market.samples, rows.toReversed()),
    ),
    load('gaps', `/gaps?instrument=${encodeURIComponent(name)}&limit=500`, itemsOf('gaps', readGap), (rows) =>
      market.gaps.set(withGaps(market.gaps.get(), rows)),
    ),
    load('liquidations', path('liquidations', { limit: 100 }), itemsOf('liquidations', readLiquidation), (rows) =>
      market.liquidations.set(withLiquidations(market.liquidations.get(), rows)),
    ),
    load('mark prices', path('mark-prices', { limit: 1 }), itemsOf('mark prices', readMarkPrice), (rows) => {
      if (market.markPrice.get() === null && rows[0] !== undefined) market.markPrice.set(rows[0]);
    }),
  ]);
}

function loadInto<T extends Timed>(series: Series<T>, rows: readonly (T | null)[]): void {
  series.load(rows.filter((row) => row !== null));
}
