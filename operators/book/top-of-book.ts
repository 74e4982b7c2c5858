import { bestSteps, bestTick } from './ladder.ts';
import type { OrderBook } from './order-book.ts';

/** Best bid and ask of a valid book that has both. */
export interface TopOfBook {
  readonly type: 'topOfBook';
  /** `u` of the diff that made it. */
  readonly updateId: number;
  /** ms since the epoch. */
  readonly transactionTimeMs: number;
  readonly bidTicks: number;
  readonly bidSteps: number;
  readonly askTicks: number;
  readonly askSteps: number;
}

/** undefined where a side is empty: a one-sided book has no midprice. */
export function topOfBook(book: OrderBook): TopOfBook | undefined {
  const bidTicks = bestTick(book.bids);
  const askTicks = bestTick(book.asks);
  if (Number.isNaN(bidTicks) || Number.isNaN(askTicks)) return undefined;
  return {
    type: 'topOfBook',
    updateId: book.updateId,
    transactionTimeMs: book.transactionTimeMs,
    bidTicks,
    bidSteps: bestSteps(book.bids),
    askTicks,
    askSteps: bestSteps(book.asks),
  };
}
