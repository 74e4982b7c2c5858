import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { Trade } from '../../streams/events/trade.ts';
import type { BookBreak } from '../book/book-break.ts';
import { concernsBook, type OrderBook } from '../book/order-book.ts';
import { type TopOfBook, topOfBook } from '../book/top-of-book.ts';
import type { FeatureInput } from './feature-input.ts';

const BOOK_BREAK: BookBreak = { type: 'bookBreak' };

/** The best quotes after a diff of a valid book, or that the book is not valid; undefined where the event says neither. */
export function quoteOrBreak(event: MarketEvent, book: OrderBook): TopOfBook | BookBreak | undefined {
  if (!concernsBook(event)) return undefined;
  if (book.invalidity !== null) return BOOK_BREAK;
  return event.type === 'depthUpdate' ? (topOfBook(book) ?? BOOK_BREAK) : undefined;
}

/**
 * What features are told of an event.
 * @param book with the event
 * @param trade what `trades` says of it
 */
export function inputsOf(event: MarketEvent, book: OrderBook, trade: Trade | undefined): FeatureInput[] {
  switch (event.type) {
    case 'depthUpdate':
    case 'depthSnapshot': {
      const quote = quoteOrBreak(event, book);
      if (quote === undefined) return [];
      if (quote.type === 'bookBreak') return [quote];
      const { bids, asks, transactionTimeMs } = book;
      return [{ type: 'depthView', transactionTimeMs, bids, asks }, quote];
    }
    case 'gap':
    case 'instrument': {
      const quote = quoteOrBreak(event, book);
      return quote === undefined ? [event] : [quote, event];
    }
    case 'trade':
      return trade === undefined ? [] : [trade];
    case 'markPrice':
    case 'liquidation':
    case 'openInterest':
    case 'kline':
      return [event];
    default:
      return [];
  }
}
