import { setLevels } from '../../operators/book/ladder.ts';
import {
  type BookChange,
  type BookInvalidity,
  createOrderBook,
  type OrderBook,
} from '../../operators/book/order-book.ts';
import { loadLadders, type SavedLadders, saveLadders } from '../../operators/book/saved-book.ts';
import type { Tape } from '../../streams/tape/tape.ts';

type RebuiltBook = SavedLadders & Pick<OrderBook, 'updateId' | 'transactionTimeMs'>;

/** What the events of a tape did to the exchange's book. */
interface BookRecord {
  readonly changes: (BookChange | undefined)[];
  readonly invalidities: (BookInvalidity | null)[];
  /** Books as they were rebuilt, by the number of the event. */
  readonly rebuilt: Map<number, RebuiltBook>;
}

/**
 * The exchange's book as it is heard of later. The same diffs and snapshots come to both in the same order, so that what the
 * exchange's book made of them is only repeated: half the work of a second book of its own.
 */
export interface DelayedBook {
  readonly book: OrderBook;
  /** The exchange's book has taken in that event of the tape. */
  record(tape: Tape, n: number, exchange: OrderBook, change: BookChange): void;
  /** Takes in what was recorded of that event. */
  hear(tape: Tape, n: number): void;
}

export function createDelayedBook(): DelayedBook {
  const records = new WeakMap<Tape, BookRecord>();
  const book = createOrderBook();
  let [lastTape, lastRecord]: [Tape | undefined, BookRecord | undefined] = [undefined, undefined];

  function recordOf(tape: Tape): BookRecord {
    if (tape === lastTape) return lastRecord!;
    let found = records.get(tape);
    if (found === undefined) {
      found = {
        changes: Array(tape.events),
        invalidities: Array(tape.events),
        rebuilt: new Map(),
      };
      records.set(tape, found);
    }
    [lastTape, lastRecord] = [tape, found];
    return found;
  }

  function applyDiff(
    { rowStarts, bidCounts, events, rows, ticks, steps, lastIds, transactionTimesMs }: Tape,
    n: number,
  ): void {
    const start = rowStarts[n]!;
    const bids = bidCounts[n]!;
    const end = n + 1 < events ? rowStarts[n + 1]! : rows;
    setLevels(book.bids, ticks, start, steps, start, bids);
    setLevels(book.asks, ticks, start + bids, steps, start + bids, end - start - bids);
    book.updateId = lastIds[n]!;
    book.transactionTimeMs = transactionTimesMs[n]!;
  }

  return {
    book,
    record(tape, n, exchange, change) {
      const { changes, invalidities, rebuilt } = recordOf(tape);
      changes[n] = change;
      invalidities[n] = exchange.invalidity;
      if (change !== 'rebuilt') return;
      const { updateId, transactionTimeMs } = exchange;
      rebuilt.set(n, { ...saveLadders(exchange), updateId, transactionTimeMs });
    },
    hear(tape, n) {
      const { changes, invalidities, rebuilt } = recordOf(tape);
      const change = changes[n];
      if (change === undefined) return;
      if (change === 'diff') applyDiff(tape, n);
      else if (change === 'rebuilt') {
        const saved = rebuilt.get(n)!;
        rebuilt.delete(n);
        loadLadders(book, saved);
        book.updateId = saved.updateId;
        book.transactionTimeMs = saved.transactionTimeMs;
      }
      book.invalidity = invalidities[n]!;
    },
  };
}
