import { useEffect, useState } from 'preact/hooks';
import { get, instrumentPath } from '../api/client.ts';
import { type Book, readBook } from '../market/book.ts';
import type { Market } from '../market/market.ts';

const LEVELS = 1000;
const PERIOD_MS = 1_500;
/** Between two questions where the book stands still: one of a recording that has ended, or that nothing moves. */
const PERIOD_STILL_MS = 30_000;

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
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastTimeMs = 0;
    // Asked again only after the answer, which takes seconds where the book has to be rebuilt from the log.
    const ask = async (): Promise<void> => {
      const path = instrumentPath(market.instrument.name, 'book', { levels: LEVELS });
      const answer = document.hidden ? null : await get(path, readBook, aborted.signal);
      if (aborted.signal.aborted) return;
      // An invalid book has no levels; what the live one says of that is shown already.
      if (answer?.isOk === true && answer.value.isValid) setBook(answer.value);
      const isStill = answer?.isOk === true && answer.value.timeMs === lastTimeMs;
      lastTimeMs = answer?.isOk === true ? answer.value.timeMs : 0;
      timer = setTimeout(ask, isStill ? PERIOD_STILL_MS : PERIOD_MS);
    };
    void ask();
    return () => {
      aborted.abort();
      clearTimeout(timer);
    };
  }, [market, isWanted]);
  return book;
}
