import { clearLadder, createLadder, setLevels } from '../../../operators/book/ladder.ts';
import type { TopOfBook } from '../../../operators/book/top-of-book.ts';
import type { DepthView, FeatureInput } from '../../../operators/features/feature-input.ts';
import type { Trade } from '../../../streams/events/trade.ts';
import { BOOK_BREAK, gap, type Level, levels, quote, seededRandom, trade } from '../market-events.ts';
import { sample } from './feature-runs.ts';

const START_MS = 1_723_161_255_000;

/** A book as it is written down: best levels first; null: it is broken. */
export type PlainBook = {
  readonly atMs: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
} | null;

/** Books with holes between their levels, 3 to 12 a side, now and then broken. */
export function randomBooks(seed: number, count: number): PlainBook[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const side = (best: number, sign: 1 | -1): Level[] => {
    let ticks = best;
    return Array.from({ length: 3 + below(10) }, (_, n) => {
      if (n > 0) ticks += sign * (1 + below(3));
      return [ticks, 1 + below(40)];
    });
  };
  let bid = 5_000;
  let atMs = START_MS;
  return Array.from({ length: count }, () => {
    bid += below(3) - 1;
    atMs += below(300);
    return random() < 0.02 ? null : { atMs, bids: side(bid, -1), asks: side(bid + 1 + below(4), 1) };
  });
}

/** The books as they are lent: in two ladders that change under the fold's hands. */
export function* lentViews(books: readonly PlainBook[]): Iterable<FeatureInput> {
  const ladders = { bids: createLadder('bid'), asks: createLadder('ask') };
  for (const book of books) {
    if (book === null) {
      yield BOOK_BREAK;
      continue;
    }
    for (const side of ['bids', 'asks'] as const) {
      clearLadder(ladders[side]);
      const { ticks, steps, count } = levels(book[side]);
      setLevels(ladders[side], ticks, 0, steps, 0, count);
    }
    yield { type: 'depthView', transactionTimeMs: book.atMs, ...ladders } satisfies DepthView;
  }
}

/**
 * Quotes, trades at and about them, and samples, in log order: with equal times, some out of order, pauses, breaks of
 * the book and gaps of trades. Prices are near 5,000 ticks.
 */
export function randomMarket(seed: number, count: number, breaks = 0.004): FeatureInput[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const inputs: FeatureInput[] = [];
  let atMs = START_MS;
  let latestMs = START_MS;
  let [bid, bidSteps, ask, askSteps] = [5_000, 50, 5_001, 50];
  const nextQuote = (): TopOfBook => {
    if (random() < 0.3) {
      bid += below(3) - 1;
      ask = bid + 1 + below(3);
      bidSteps = 1 + below(100);
    } else bidSteps = Math.max(1, bidSteps + below(41) - 20);
    askSteps = Math.max(1, askSteps + below(41) - 20);
    return { ...quote(atMs, [bid, bidSteps], [ask, askSteps]), updateId: inputs.length };
  };
  const nextTrade = (): Trade => {
    const isBuy = random() < 0.5;
    const price = (isBuy ? ask : bid) + (random() < 0.2 ? below(3) - 1 : 0);
    return trade(atMs, price, below(30), { aggressorSide: isBuy ? 'buy' : 'sell' });
  };
  while (inputs.length < count) {
    // An odd one out is told of late, by a few ms.
    if (random() < 0.6) atMs += random() < 0.02 ? below(2_500) : below(120) - 6;
    latestMs = Math.max(latestMs, atMs);
    const kind = random();
    if (kind < breaks) inputs.push(BOOK_BREAK);
    else if (kind < 2 * breaks) inputs.push(gap(random() < 0.7 ? 'aggTrade' : 'depth'));
    else if (kind < 0.45) inputs.push(nextTrade());
    else if (kind < 0.9) inputs.push(nextQuote());
    else inputs.push(sample(latestMs));
  }
  return inputs;
}
