import { bestLevels } from './ladder.ts';
import type { OrderBook } from './order-book.ts';

/** The best levels of a valid book, copied. */
export interface BookLevels {
  readonly updateId: number;
  /** ms since the epoch. */
  readonly transactionTimeMs: number;
  /** Best first. */
  readonly bidTicks: Float64Array;
  readonly bidSteps: Float64Array;
  readonly askTicks: Float64Array;
  readonly askSteps: Float64Array;
}

/** @param count levels a side, at most */
export function bookLevels(book: OrderBook, count: number): BookLevels {
  const bidTicks = new Float64Array(count);
  const bidSteps = new Float64Array(count);
  const askTicks = new Float64Array(count);
  const askSteps = new Float64Array(count);
  const bids = bestLevels(book.bids, count, bidTicks, bidSteps);
  const asks = bestLevels(book.asks, count, askTicks, askSteps);
  return {
    updateId: book.updateId,
    transactionTimeMs: book.transactionTimeMs,
    bidTicks: bidTicks.subarray(0, bids),
    bidSteps: bidSteps.subarray(0, bids),
    askTicks: askTicks.subarray(0, asks),
    askSteps: askSteps.subarray(0, asks),
  };
}
