import type { Redis } from 'ioredis';
import { bookAt } from '../../pipelines/book-at.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { featuresKey, LIVE } from '../../streams/keys.ts';
import { listRecordings, type Recording } from '../../streams/recordings.ts';
import type { Instant } from './http/instant.ts';
import { ProblemError } from './http/problem.ts';
import { decodeDerivedEntry } from './live/derived-entry.ts';

type Level = [price: string, qty: string];

/** A book as the API answers it; prices and quantities are decimal texts, best level first. */
export interface Book {
  instrument: string;
  recording: string;
  /** Last entry of the log that it knows. */
  entry_id: string;
  /** Event time, µs since the epoch; of an invalid book the receive time. */
  ts: number;
  /** µs since the epoch. */
  receive_time: number;
  update_id: number | null;
  /** False where it was not synchronised; `reason` then says why, and there are no levels. */
  valid: boolean;
  reason?: string;
  bids: Level[];
  asks: Level[];
}

/** Levels a side that the derived stream carries. */
const STREAMED_LEVELS = 20;
/** Derived entries a page, and how many are looked through for a book before the log is asked. */
const PAGE = 50;
const ENTRIES_MAX = 500;
/** After every time that a log can hold, ms. */
const END_MS = Number.MAX_SAFE_INTEGER;

/** The newest book: as it was streamed last where that has levels enough, else rebuilt from the log. */
export async function liveBook(
  redis: Redis,
  instrument: string,
  recording: string,
  levels: number,
): Promise<Book | undefined> {
  const streamed = recording === LIVE && levels <= STREAMED_LEVELS ? await streamedBook(redis, instrument) : undefined;
  if (streamed === undefined) return pastBook(redis, instrument, recording, undefined, levels);
  return { ...streamed, bids: streamed.bids.slice(0, levels), asks: streamed.asks.slice(0, levels) };
}

/**
 * The book as it was after everything received up to `at`, rebuilt from the log; of the end of the recording where `at`
 * is undefined. Undefined where the log holds nothing up to then.
 */
export async function pastBook(
  redis: Redis,
  instrument: string,
  recording: string,
  at: Instant | undefined,
  levels: number,
): Promise<Book | undefined> {
  const moment = at === undefined ? END_MS : (at.entryId ?? Math.floor(at.timeUs / 1_000));
  const found = await bookAt({ redis, instrument, recording, at: moment, levels });
  const { invalidity, entryId, receiveTimeUs, scale } = found;
  if (entryId === null || receiveTimeUs === null) return undefined;
  const isValid = invalidity === null;
  const { updateId, transactionTimeMs, bidTicks, bidSteps, askTicks, askSteps } = found.levels;
  return {
    instrument,
    recording,
    entry_id: entryId,
    ts: isValid ? transactionTimeMs * 1_000 : receiveTimeUs,
    receive_time: receiveTimeUs,
    update_id: isValid ? updateId : null,
    valid: isValid,
    ...(invalidity === null ? {} : { reason: invalidity }),
    bids: sideText(bidTicks, bidSteps, scale),
    asks: sideText(askTicks, askSteps, scale),
  };
}

/** The recording that is named, or else one that covers the instant: an import before the live one. */
export async function chooseRecording(
  redis: Redis,
  instrument: string,
  named: string | undefined,
  atUs: number | undefined,
): Promise<string> {
  const recordings = await listRecordings(redis, instrument);
  const names = recordings.map(({ recording }) => recording);
  if (named !== undefined && !names.includes(named)) {
    const expected = `one of ${names.join(', ')}`;
    const errors = [{ field: 'recording', expected, found: named }];
    throw new ProblemError('not-found', { detail: `recording: expected ${expected}, found ${named}`, errors });
  }
  const covering = recordings.filter((recording) => recording.kind === 'import' && covers(recording, atUs));
  return named ?? covering[0]?.recording ?? names[0] ?? LIVE;
}

function covers({ fromUs, toUs }: Recording, atUs: number | undefined): boolean {
  return atUs !== undefined && fromUs !== undefined && toUs !== undefined && atUs >= fromUs && atUs <= toUs;
}

async function streamedBook(redis: Redis, instrument: string): Promise<Book | undefined> {
  let before = '+';
  for (let looked = 0; looked < ENTRIES_MAX; looked += PAGE) {
    const page = await redis.xrevrange(featuresKey(instrument), before, '-', 'COUNT', PAGE);
    for (const [id, pairs] of page) {
      const found = decodeDerivedEntry(id, pairs).events.findLast(({ topic }) => topic === 'book');
      if (found !== undefined) return readStreamed(instrument, id, found.json);
    }
    const oldest = page.at(-1)?.[0];
    if (oldest === undefined) return undefined;
    before = `(${oldest}`;
  }
  return undefined;
}

/** What pipelines/topics.ts writes. */
function readStreamed(instrument: string, entryId: string, json: string): Book {
  const { i: _, ...book } = JSON.parse(json) as { i: number } & Omit<Book, 'instrument' | 'recording' | 'entry_id'>;
  return { instrument, recording: LIVE, entry_id: entryId, ...book, receive_time: book.receive_time ?? book.ts };
}

function sideText(ticks: Float64Array, steps: Float64Array, scale: Scale | undefined): Level[] {
  // Without a scale no depth event could be decoded, so there are no levels.
  if (scale === undefined) return [];
  return Array.from(ticks, (tick, n) => [scale.price.toText(tick), scale.qty.toText(steps[n]!)]);
}
