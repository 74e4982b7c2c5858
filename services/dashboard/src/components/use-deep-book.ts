import { useEffect, useState } from 'preact/hooks';
import { get, instrumentPath } from '../api/client.ts';
import { type Book, readBook } from '../market/book.ts';
import type { Market } from '../market/market.ts';

const LEVELS = 1000;
const PERIOD_MS = 1500;

/**
 * More of the book than is streamed, asked for again and again while it is wanted and the page is seen; null before it
 * came. Coarse price steps need it, since the streamed levels do not reach far.
 */
export function useDeepBook(market: Market, isWanted: boolean): Book | null {
  const [book, setBook] = useState<Book | null>(null);
  useEffect(() => {
    if (!isWanted) {
      setBook(null);
      return;
    }
    const aborted = new AbortController();
    const ask = async (): Promise<void> => {
      if (document.hidden) return;
      const path = instrumentPath(market.instrument.name, 'book', { levels: LEVELS });
      const answer = await get(path, readBook, aborted.signal);
      // An invalid book has no levels; what the live one says of that is shown already.
      if (answer.isOk && answer.value.isValid && !aborted.signal.aborted) setBook(answer.value);
    };
    void ask();
    const timer = setInterval(ask, PERIOD_MS);
    return () => {
      aborted.abort();
      clearInterval(timer);
    };
  }, [market, isWanted]);
  return book;
}
