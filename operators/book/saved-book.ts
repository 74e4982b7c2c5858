import { bestLevels, clearLadder, type Ladder, ladderSize, setLevels } from './ladder.ts';
import { createOrderBook, type OrderBook } from './order-book.ts';
import { createRecentDiffs, type RecentDiffs, recentDiff } from './recent-diffs.ts';

/** Both sides of a book without their empty room. Plain data. */
export interface SavedLadders {
  /** Ticks, then steps, best first. */
  readonly bids: Float64Array;
  readonly asks: Float64Array;
}

/** An order book without its empty room: a few hundred kilobytes instead of megabytes. Plain data. */
export interface SavedBook extends SavedLadders, Omit<OrderBook, 'bids' | 'asks' | 'recent'> {
  /** `values` of `RecentDiffs`, oldest first, without a break. */
  readonly recent: Float64Array;
}

export function saveOrderBook(book: OrderBook): SavedBook {
  return { ...book, ...saveLadders(book), recent: saveDiffs(book.recent) };
}

export function saveLadders({ bids, asks }: OrderBook): SavedLadders {
  return { bids: saveLadder(bids), asks: saveLadder(asks) };
}

export function loadOrderBook(saved: SavedBook): OrderBook {
  const book: OrderBook = { ...createOrderBook(), ...saved, recent: loadDiffs(saved.recent), ...emptyLadders() };
  loadLadders(book, saved);
  return book;
}

/** Puts the levels in the place of those that are there. */
export function loadLadders(book: OrderBook, { bids, asks }: SavedLadders): void {
  loadLadder(book.bids, bids);
  loadLadder(book.asks, asks);
}

function emptyLadders(): Pick<OrderBook, 'bids' | 'asks'> {
  const { bids, asks } = createOrderBook();
  return { bids, asks };
}

function saveLadder(ladder: Ladder): Float64Array {
  const size = ladderSize(ladder);
  const saved = new Float64Array(2 * size);
  bestLevels(ladder, size, saved.subarray(0, size), saved.subarray(size));
  return saved;
}

function loadLadder(ladder: Ladder, saved: Float64Array): void {
  clearLadder(ladder);
  const size = saved.length / 2;
  setLevels(ladder, saved, 0, saved, size, size);
}

function saveDiffs(recent: RecentDiffs): Float64Array {
  const parts: Float64Array[] = [];
  for (let index = 0; index < recent.count; index++) {
    const { values, bids, asks, bidTicks } = recentDiff(recent, index);
    parts.push(values.subarray(bidTicks - 4, bidTicks + 2 * (bids + asks)));
  }
  const saved = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    saved.set(part, at);
    at += part.length;
  }
  return saved;
}

function loadDiffs(saved: Float64Array): RecentDiffs {
  const recent = createRecentDiffs();
  recent.values.set(saved);
  for (let at = 0; at < saved.length; at += 4 + 2 * (saved[at + 2]! + saved[at + 3]!))
    recent.positions[recent.count++] = at;
  recent.next = saved.length;
  recent.kept = saved.length;
  return recent;
}
