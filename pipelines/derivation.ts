import { deserialize, serialize } from 'node:v8';
import { concatMap, filter, map, merge, Subject, share } from 'rxjs';
import { type BarsState, bars, type RecordingEnd } from '../operators/bars.ts';
import { bookLevels } from '../operators/book/book-levels.ts';
import { type BookInvalidity, type OrderBook, orderBook } from '../operators/book/order-book.ts';
import { loadOrderBook, type SavedBook, saveOrderBook } from '../operators/book/saved-book.ts';
import type { TopOfBook } from '../operators/book/top-of-book.ts';
import { type FeatureSetState, featureSet } from '../operators/features/feature-set.ts';
import { inputsOf, quoteOrBreak } from '../operators/features/inputs-of.ts';
import type { FeatureSet } from '../operators/features/resolve-feature-set.ts';
import { fold, type StateCell } from '../operators/fold.ts';
import { type GapsState, gaps } from '../operators/gaps.ts';
import { type OnceState, onceAnInterval } from '../operators/once-an-interval.ts';
import { type TradesState, trades } from '../operators/trades.ts';
import type { Entry } from '../streams/entry.ts';
import { DecodeError } from '../streams/events/decode-error.ts';
import { createDecoder, type MarketEvent } from '../streams/events/decoder.ts';
import type { Gap, GapReason } from '../streams/events/gap.ts';
import type { EventPlace, LoggedEvent } from '../streams/events/logged-event.ts';
import { createScale, NO_SCALE, type Scale } from '../streams/events/scale.ts';
import { BAR_INTERVALS, type BarInterval, type Derived } from './derived.ts';
import { FEATURE_SETS, setHash } from './feature-sets.ts';

/** Names what this graph makes of a log. A change that alters any row changes it, and all rows are derived anew. */
export const DERIVATION_VERSION = 'spine-2';

/** Levels a side of `book` and `book_levels`. */
export const BOOK_LEVELS = 20;

export interface DerivationOptions {
  /** Called in log order; what it is given is not changed afterwards. */
  readonly onDerived: (derived: Derived, at: EventPlace, scale: Scale) => void;
  /** A payload that is not what its channel promises. What depends on the channel is invalid from there on. */
  readonly onRefused: (error: DecodeError, at: RefusedAt) => void;
  /** Sets to derive; those that are built in where not said. */
  readonly featureSets?: readonly FeatureSet[];
  /** What `save` gave. */
  readonly saved?: Uint8Array | undefined;
}

export type RefusedAt = EventPlace & { readonly payload: Buffer };

/** The graph from one recording's log to everything that is derived from it. */
export interface Derivation {
  push(entry: Entry): void;
  /** Events of the channel were lost before this place in the log. */
  pushGap(channel: string, reason: GapReason, at: Omit<EventPlace, 'channel'>): void;
  /** The recording is complete: closes what waits for a later event. */
  end(): void;
  /** The trade bar in progress; null where there is none. */
  openBar(interval: BarInterval): BarsState['open'];
  /** The state of all folds after the last entry, so that another derivation can go on from there. */
  save(): Uint8Array;
  readonly scale: Scale | undefined;
}

interface Cells {
  readonly book: StateCell<OrderBook>;
  /** What was said of the book last. */
  readonly saidInvalidity: StateCell<BookInvalidity | null>;
  readonly trades: StateCell<TradesState>;
  readonly bars: Readonly<Record<BarInterval, StateCell<BarsState>>>;
  /** By the hash of the set: a set that has changed starts anew. */
  readonly features: Map<string, StateCell<FeatureSetState>>;
  readonly gaps: StateCell<GapsState>;
  readonly sampling: StateCell<OnceState>;
  /** Place of the last event. */
  readonly place: StateCell<EventPlace>;
}

/** @throws where `saved` is not what `save` of this version gave */
export function createDerivation({
  onDerived,
  onRefused,
  featureSets = FEATURE_SETS,
  saved,
}: DerivationOptions): Derivation {
  const cells = saved === undefined ? emptyCells() : loadCells(saved);
  const decoder = createDecoder(scaleOf(cells));
  const market$ = new Subject<MarketEvent>();
  const end$ = new Subject<RecordingEnd>();
  let current: LoggedEvent | undefined;
  const say = (derived: Derived): void => onDerived(derived, cells.place.state!, decoder.scale ?? NO_SCALE);

  const book$ = market$.pipe(fold(orderBook, cells.book), share());
  const quote$ = book$.pipe(
    map((book) => quoteOrBreak(current!.event, book)),
    filter((event): event is TopOfBook => event?.type === 'topOfBook'),
    share(),
  );
  const trade$ = market$.pipe(fold(trades, cells.trades), share());
  const gap$ = market$.pipe(filter((event): event is Gap => event.type === 'gap'));

  const tradeOf = (event: MarketEvent) => trades.project(cells.trades.state!, event);

  // The order of subscription is the order in which one event is told of.
  book$.subscribe(({ invalidity, updateId }) => {
    const isNew = invalidity !== (cells.saidInvalidity.state ?? null);
    if (invalidity !== null && isNew) say({ kind: 'bookInvalid', invalidity, updateId });
    cells.saidInvalidity.state = invalidity;
  });
  quote$.subscribe((top) => say({ kind: 'bookTop', top }));
  quote$.pipe(fold(onceAnInterval<TopOfBook>({ intervalMs: 1_000 }), cells.sampling)).subscribe();
  quote$.subscribe(() => {
    const isSampled = cells.sampling.state!.isFirst;
    say({ kind: 'book', levels: bookLevels(cells.book.state!, BOOK_LEVELS), isSampled });
  });
  trade$.subscribe((trade) => say({ kind: 'trade', trade }));
  for (const interval of Object.keys(BAR_INTERVALS) as BarInterval[])
    merge(trade$, gap$, end$)
      .pipe(fold(bars({ intervalMs: BAR_INTERVALS[interval] }), cells.bars[interval]))
      .subscribe((bar) => say({ kind: 'bar', interval, bar }));
  const featureInput$ = market$.pipe(
    concatMap((event) => inputsOf(event, cells.book.state!, tradeOf(event))),
    share(),
  );
  const hashes = new Set(featureSets.map(setHash));
  for (const hash of cells.features.keys()) if (!hashes.has(hash)) cells.features.delete(hash);
  for (const set of featureSets)
    featureInput$
      .pipe(fold(featureSet(set), cellOf(cells, set)))
      .subscribe((vector) => say({ kind: 'features', set, vector }));
  market$.subscribe((event) => {
    if (event.type === 'liquidation') say({ kind: 'liquidation', liquidation: event });
    else if (event.type === 'markPrice') say({ kind: 'markPrice', markPrice: event });
    else if (event.type === 'kline' && event.isClosed) say({ kind: 'kline', kline: event });
  });
  market$
    .pipe(
      map(() => ({ logged: current!, isBookValid: cells.book.state?.invalidity === null })),
      fold(gaps, cells.gaps),
    )
    .subscribe((spans) => {
      for (const span of spans) say({ kind: 'gap', span });
    });

  function next(logged: LoggedEvent): void {
    const { entryId, index, receiveTimeUs, channel } = logged;
    current = logged;
    cells.place.state = { entryId, index, receiveTimeUs, channel };
    market$.next(logged.event);
  }

  function pushGap(channel: string, reason: GapReason, at: Omit<EventPlace, 'channel'>): void {
    next({ ...at, channel: 'gap', event: { type: 'gap', channel, expected: null, found: null, reason } });
  }

  return {
    push({ entryId, events }) {
      for (let index = 0; index < events.length; index++) {
        const { channel, payload, receiveTimeUs } = events[index]!;
        let event: MarketEvent;
        try {
          event = decoder.decode(channel, payload);
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
          onRefused(error, { entryId, index, receiveTimeUs, channel, payload });
          pushGap(channel, 'dead-letter', { entryId, index, receiveTimeUs });
          continue;
        }
        next({ entryId, index, receiveTimeUs, channel, event });
      }
    },
    pushGap,
    end() {
      if (cells.place.state !== undefined) end$.next({ type: 'recordingEnd' });
    },
    openBar: (interval) => cells.bars[interval].state?.open ?? null,
    save: () => saveCells(cells),
    get scale() {
      return decoder.scale;
    },
  };
}

function cellOf({ features }: Cells, set: FeatureSet): StateCell<FeatureSetState> {
  const key = setHash(set);
  const cell = features.get(key) ?? { state: undefined };
  features.set(key, cell);
  return cell;
}

function emptyCells(): Cells {
  const empty = { state: undefined };
  return {
    book: { ...empty },
    saidInvalidity: { ...empty },
    trades: { ...empty },
    bars: { '1s': { ...empty }, '1m': { ...empty } },
    features: new Map(),
    gaps: { ...empty },
    sampling: { ...empty },
    place: { ...empty },
  };
}

/** States are plain data, which the structured clone format keeps to the last bit. */
function saveCells(cells: Cells): Uint8Array {
  const book = cells.book.state === undefined ? undefined : saveOrderBook(cells.book.state);
  return serialize({ ...cells, book });
}

function loadCells(saved: Uint8Array): Cells {
  const cells: Omit<Cells, 'book'> & { readonly book: SavedBook | undefined } = deserialize(saved);
  return { ...emptyCells(), ...cells, book: { state: cells.book && loadOrderBook(cells.book) } };
}

function scaleOf({ book }: Cells): Scale | undefined {
  const { tickSize, stepSize } = book.state ?? { tickSize: '', stepSize: '' };
  return tickSize === '' ? undefined : createScale(tickSize, stepSize);
}
