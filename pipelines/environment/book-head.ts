import { bestLevels, bestTick, type Ladder, ladderSize, stepsAt } from '../../operators/book/ladder.ts';
import type { OrderBook } from '../../operators/book/order-book.ts';
import type { InstrumentInfo } from '../../streams/events/instrument-info.ts';
import type { Levels } from '../../streams/events/levels.ts';
import type { MarkPrice } from '../../streams/events/mark-price.ts';
import type { Trade } from '../../streams/events/trade.ts';
import type { Tape } from '../../streams/tape/tape.ts';
import { createTapeBuilder } from '../../streams/tape/tape-builder.ts';

/** What of a log is known at a place in its middle. */
export interface KnownMarket {
  /** Valid. */
  readonly book: OrderBook;
  readonly instrument: InstrumentInfo | undefined;
  readonly markPrice: MarkPrice | undefined;
  readonly trade: Trade | undefined;
}

/** Levels of a diff at most: more of them than a book keeps of its last diffs could not be carried on. */
const LEVELS_A_DIFF = 4_000;
/** As many levels as a snapshot that was cut has; and as one that was not. */
const CUT = 5;
const WHOLE = 1;

/**
 * A tape after which a market is as it is known: so a run may begin in the middle of a log. A snapshot says how far the
 * levels are known, and diffs behind it say all of them.
 * @param timeUs when all of it is received, µs by the recorder's clock
 */
export function headTape({ book, instrument, markPrice, trade }: KnownMarket, entryId: string, timeUs: number): Tape {
  const builder = createTapeBuilder();
  const place = { entryId, index: 0, receiveTimeUs: timeUs };
  const { updateId, transactionTimeMs } = book;
  const [bids, asks] = [levelsOf(book.bids), levelsOf(book.asks)];
  const diffs = Math.max(1, Math.ceil(Math.max(bids.count, asks.count) / (LEVELS_A_DIFF / 2)));
  if (instrument !== undefined) builder.push(instrument, place);
  if (markPrice !== undefined) builder.push(markPrice, place);
  if (trade !== undefined) builder.push(trade, place);
  builder.push(
    {
      type: 'depthSnapshot',
      lastUpdateId: updateId - diffs,
      eventTimeMs: transactionTimeMs,
      bids: knownUpTo(book.bids, book.knownBidTick),
      asks: knownUpTo(book.asks, book.knownAskTick),
    },
    place,
  );
  for (let n = 0; n < diffs; n++) {
    const finalUpdateId = updateId - diffs + n + 1;
    builder.push(
      {
        type: 'depthUpdate',
        eventTimeMs: transactionTimeMs,
        transactionTimeMs,
        firstUpdateId: finalUpdateId,
        finalUpdateId,
        previousFinalUpdateId: finalUpdateId - 1,
        bids: partOf(bids, n),
        asks: partOf(asks, n),
      },
      place,
    );
  }
  return builder.take();
}

function levelsOf(ladder: Ladder): Levels {
  const size = ladderSize(ladder);
  const [ticks, steps] = [new Float64Array(size), new Float64Array(size)];
  return { ticks, steps, start: 0, count: bestLevels(ladder, size, ticks, steps) };
}

function partOf({ ticks, steps, count }: Levels, n: number): Levels {
  const start = Math.min(count, (n * LEVELS_A_DIFF) / 2);
  return { ticks, steps, start, count: Math.min(count - start, LEVELS_A_DIFF / 2) };
}

/** The last price of a snapshot that was cut is the one up to which all is known; of one that was not all is. */
function knownUpTo(ladder: Ladder, tick: number): Levels {
  const isWhole = tick === 0 || tick === Number.MAX_SAFE_INTEGER;
  const count = isWhole ? WHOLE : CUT;
  const at = isWhole ? bestTick(ladder) || 1 : tick;
  return {
    ticks: new Float64Array(count).fill(at),
    steps: new Float64Array(count).fill(stepsAt(ladder, at)),
    start: 0,
    count,
  };
}
