import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { DepthSnapshot } from '../../streams/events/depth-snapshot.ts';
import type { DepthUpdate } from '../../streams/events/depth-update.ts';
import type { Levels } from '../../streams/events/levels.ts';
import type { Projection } from '../fold.ts';
import { bestTick, clearLadder, createLadder, type Ladder, setLevels } from './ladder.ts';
import { clearDiffs, createRecentDiffs, pushDiff, type RecentDiffs, recentDiff } from './recent-diffs.ts';

/** Why a book must not be used. */
export type BookInvalidity = 'synchronising' | 'gap' | 'crossed' | 'beyond-snapshot' | 'scale-changed';

/**
 * A limit order book by price, rebuilt from one snapshot and the diffs after it.
 *
 * 1. Diffs are kept until a snapshot arrives, and a snapshot until the diff that follows it does.
 * 2. A snapshot with last update id L is carried on by the first diff with `pu` ≤ L ≤ `u`, and those after it
 *    (the venue's rule, widened: an L between two diffs is one too).
 * 3. A diff whose `pu` is not the `u` of the one before, or a `gap` event of the channel, makes it invalid until the
 *    next snapshot.
 * 4. A snapshot of a valid book replaces it, which also makes levels known that the first did not reach.
 * 5. A crossed book, or one whose best price lies beyond what is known, is invalid too.
 *
 * Plain data; changed in place.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/How-to-manage-a-local-order-book-correctly
 */
export interface OrderBook {
  readonly bids: Ladder;
  readonly asks: Ladder;
  /** null: valid. */
  invalidity: BookInvalidity | null;
  /** `u` of the last diff applied; 0 before the first. */
  updateId: number;
  /** Transaction time of the last diff applied, ms since the epoch. */
  transactionTimeMs: number;
  /** `u` of the last diff that came, applied or not; 0: none since the start or the last break. */
  chainEnd: number;
  /** Transaction time of that diff. */
  chainEndTimeMs: number;
  /** Worst prices, in ticks, up to which every level is known; beyond them one may exist that no diff has touched. */
  knownBidTick: number;
  knownAskTick: number;
  readonly recent: RecentDiffs;
  /** A snapshot that waits for its diff. */
  waiting: WaitingSnapshot | null;
  /** Tick and step size of the last `instrument` event. */
  tickSize: string;
  stepSize: string;
}

interface WaitingSnapshot {
  readonly lastUpdateId: number;
  readonly bidTicks: Float64Array;
  readonly bidSteps: Float64Array;
  readonly askTicks: Float64Array;
  readonly askSteps: Float64Array;
}

/** Limits that REST `depth` takes; a side with as many levels was cut there. */
const SNAPSHOT_LIMITS: ReadonlySet<number> = new Set([5, 10, 20, 50, 100, 500, 1000, 5000]);

/** Speaks after each event that concerns the book, valid or not; it lends the book itself. */
export const orderBook: Projection<MarketEvent, OrderBook, OrderBook> = {
  initialState: createOrderBook,
  evolve: (book, event) => {
    evolveOrderBook(book, event);
    return book;
  },
  project: (book, event) => (concernsBook(event) ? book : undefined),
};

/** Whether the event may change the book, or what is known of it. */
export function concernsBook(event: MarketEvent): boolean {
  const isSource = event.type === 'depthUpdate' || event.type === 'depthSnapshot' || event.type === 'instrument';
  return isSource || (event.type === 'gap' && event.channel === 'depth');
}

export function createOrderBook(): OrderBook {
  return {
    bids: createLadder('bid'),
    asks: createLadder('ask'),
    invalidity: 'synchronising',
    updateId: 0,
    transactionTimeMs: 0,
    chainEnd: 0,
    chainEndTimeMs: 0,
    knownBidTick: 0,
    knownAskTick: 0,
    recent: createRecentDiffs(),
    waiting: null,
    tickSize: '',
    stepSize: '',
  };
}

/** What an event did to the levels: nothing, what a diff says, or all of them anew from a snapshot and the diffs since. */
export type BookChange = 'none' | 'diff' | 'rebuilt';

/**
 * @param keepsDiffs whether a snapshot may come that is carried on with the diffs before it; one who knows that none does may
 * spare the copies
 */
export function evolveOrderBook(book: OrderBook, event: MarketEvent, keepsDiffs = true): BookChange {
  if (event.type === 'depthUpdate') return applyDiff(book, event, keepsDiffs);
  if (event.type === 'depthSnapshot') return applySnapshot(book, event);
  if (event.type === 'gap') {
    if (event.channel === 'depth') breakChain(book, 'gap');
  } else if (event.type === 'instrument') {
    const { price, qty } = event.scale;
    if (book.tickSize !== '' && (book.tickSize !== price.size || book.stepSize !== qty.size)) {
      breakChain(book, 'scale-changed');
      book.waiting = null;
    }
    book.tickSize = price.size;
    book.stepSize = qty.size;
  }
  return 'none';
}

function applyDiff(book: OrderBook, diff: DepthUpdate, keepsDiffs: boolean): BookChange {
  if (book.chainEnd > 0) {
    if (diff.finalUpdateId <= book.chainEnd) return 'none';
    if (diff.previousFinalUpdateId !== book.chainEnd) breakChain(book, 'gap');
  }
  book.chainEnd = diff.finalUpdateId;
  book.chainEndTimeMs = diff.transactionTimeMs;
  if (keepsDiffs || book.waiting !== null || book.invalidity !== null) pushDiff(book.recent, diff);
  else if (book.recent.count > 0) clearDiffs(book.recent);
  if (book.waiting !== null && joinWaiting(book)) return 'rebuilt';
  if (book.invalidity !== null && book.invalidity !== 'beyond-snapshot') return 'none';
  const { bids, asks } = diff;
  setLevels(book.bids, bids.ticks, bids.start, bids.steps, bids.start, bids.count);
  setLevels(book.asks, asks.ticks, asks.start, asks.steps, asks.start, asks.count);
  book.updateId = diff.finalUpdateId;
  book.transactionTimeMs = diff.transactionTimeMs;
  judge(book);
  return 'diff';
}

function applySnapshot(book: OrderBook, { lastUpdateId, bids, asks }: DepthSnapshot): BookChange {
  const { recent } = book;
  if (book.waiting !== null && book.waiting.lastUpdateId >= lastUpdateId) return 'none';
  // Older than every diff that is still here: nothing can carry it on.
  if (recent.count > 0 && recentDiff(recent, 0).previousFinalUpdateId > lastUpdateId) return 'none';
  book.waiting = copySnapshot(lastUpdateId, bids, asks);
  return joinWaiting(book) ? 'rebuilt' : 'none';
}

function copySnapshot(lastUpdateId: number, bids: Levels, asks: Levels): WaitingSnapshot {
  return {
    lastUpdateId,
    bidTicks: bids.ticks.slice(bids.start, bids.start + bids.count),
    bidSteps: bids.steps.slice(bids.start, bids.start + bids.count),
    askTicks: asks.ticks.slice(asks.start, asks.start + asks.count),
    askSteps: asks.steps.slice(asks.start, asks.start + asks.count),
  };
}

/** Carries the waiting snapshot on with the diffs after it, if they are there. */
function joinWaiting(book: OrderBook): boolean {
  const { recent, waiting } = book;
  if (waiting === null) return false;
  let first = recent.count;
  while (first > 0 && recentDiff(recent, first - 1).finalUpdateId >= waiting.lastUpdateId) first--;
  if (first === recent.count) return false;
  const isJoined = recentDiff(recent, first).previousFinalUpdateId <= waiting.lastUpdateId;
  book.waiting = null;
  // The diffs begin behind the snapshot: it came too late to be of use.
  if (!isJoined) return false;
  const { bidTicks, bidSteps, askTicks, askSteps } = waiting;
  clearLadder(book.bids);
  clearLadder(book.asks);
  setLevels(book.bids, bidTicks, 0, bidSteps, 0, bidTicks.length);
  setLevels(book.asks, askTicks, 0, askSteps, 0, askTicks.length);
  book.knownBidTick = SNAPSHOT_LIMITS.has(bidTicks.length) ? bidTicks[bidTicks.length - 1]! : 0;
  book.knownAskTick = SNAPSHOT_LIMITS.has(askTicks.length) ? askTicks[askTicks.length - 1]! : Number.MAX_SAFE_INTEGER;
  for (let index = first; index < recent.count; index++) {
    const diff = recentDiff(recent, index);
    setLevels(book.bids, diff.values, diff.bidTicks, diff.values, diff.bidSteps, diff.bids);
    setLevels(book.asks, diff.values, diff.askTicks, diff.values, diff.askSteps, diff.asks);
    book.updateId = diff.finalUpdateId;
  }
  book.transactionTimeMs = book.chainEndTimeMs;
  judge(book);
  return true;
}

/**
 * Rule 5. Beyond what a snapshot told, a level may exist that no diff has touched. Yet no ask can lie at or below a bid,
 * so a best ask one tick above what is known is certain, and everything up to it known from then on; bids likewise.
 */
function judge(book: OrderBook): void {
  const bid = bestTick(book.bids);
  const ask = bestTick(book.asks);
  // A side without a level is no error: comparisons with NaN are false.
  if (bid >= ask) {
    book.invalidity = 'crossed';
    return;
  }
  if (bid > book.knownAskTick) book.knownAskTick = bid;
  if (ask < book.knownBidTick) book.knownBidTick = ask;
  if (ask === book.knownAskTick + 1) book.knownAskTick = ask;
  if (bid === book.knownBidTick - 1) book.knownBidTick = bid;
  book.invalidity = ask > book.knownAskTick || bid < book.knownBidTick ? 'beyond-snapshot' : null;
}

/** The diffs so far cannot be carried on; a snapshot that waits still can. */
function breakChain(book: OrderBook, reason: BookInvalidity): void {
  clearDiffs(book.recent);
  book.chainEnd = 0;
  if (book.invalidity !== 'synchronising') book.invalidity = reason;
}
