import type { Redis } from 'ioredis';
import { type BookLevels, bookLevels } from '../operators/book/book-levels.ts';
import { type BookInvalidity, createOrderBook, evolveOrderBook, type OrderBook } from '../operators/book/order-book.ts';
import { decodeEntry, type Entry } from '../streams/entry.ts';
import { decodeOrGap } from '../streams/events/decode-or-gap.ts';
import { createDecoder, type Decoder } from '../streams/events/decoder.ts';
import type { Scale } from '../streams/events/scale.ts';
import { type EntryId, parseEntryId } from '../streams/id.ts';
import { LIVE, rawKey } from '../streams/keys.ts';
import type { RecordingName } from '../streams/recordings.ts';
import { replay } from '../streams/replay.ts';

/** Entries a page, backwards. */
const PAGE = 200;
/** Diffs may be in the log before the snapshot that they carry on: begin so much earlier. */
const BEFORE_SNAPSHOT_MS = 10_000;

export interface BookAtOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  /** `live` if not said. */
  readonly recording?: string;
  /** Last entry to be seen, or receive time in ms since the epoch. */
  readonly at: EntryId | number;
  /** Levels a side. */
  readonly levels: number;
}

/** A book as it was. */
export interface BookAt {
  /** null: valid. `no-data`: the log holds nothing up to then. */
  readonly invalidity: BookInvalidity | 'no-data' | null;
  /** Last entry seen; null where there is none. */
  readonly entryId: EntryId | null;
  /** Receive time of the last event seen, µs since the epoch; null where there is none. */
  readonly receiveTimeUs: number | null;
  /** Empty where the book is not valid. */
  readonly levels: BookLevels;
  readonly scale: Scale | undefined;
}

/** Rebuilds the book of an instant from the nearest snapshot before it and the diffs since. */
export async function bookAt(options: BookAtOptions): Promise<BookAt> {
  const { redis, instrument, recording = LIVE, at, levels } = options;
  const key = rawKey(instrument, recording);
  const scale = await scaleBefore(redis, key, at);
  let end: EntryId | number = at;
  for (;;) {
    const snapshot = await lastEntryWith(redis, key, 'depthSnapshot', end);
    const from = snapshot === undefined ? '-' : startBefore(snapshot);
    const { book, last, decoder } = await rebuild(options, from, scale);
    // A snapshot that could not be carried on leaves the book as the one before it made it. And one on another grid than
    // that of the log's beginning is read from an earlier one on, behind which the `instrument` event is that says so.
    const mayBeEarlier = book.invalidity === 'synchronising' && snapshot !== undefined;
    if (!mayBeEarlier) return describe(book, last, decoder.scale, levels);
    end = `(${snapshot.entryId}`;
  }
}

async function rebuild(
  { redis, instrument, recording = LIVE, at }: BookAtOptions,
  from: EntryId | number,
  scale: Scale | undefined,
): Promise<{ book: OrderBook; last: Entry | undefined; decoder: Decoder }> {
  const book = createOrderBook();
  const decoder = createDecoder(scale);
  let last: Entry | undefined;
  for await (const entries of replay({ redis, instrument, recording, from, to: at })) {
    for (const entry of entries) {
      for (const { channel, payload } of entry.events) {
        const isOfBook =
          channel === 'depth' || channel === 'depthSnapshot' || channel === 'gap' || channel === 'instrument';
        if (!isOfBook) continue;
        evolveOrderBook(book, decodeOrGap(decoder, channel, payload));
      }
      last = entry;
    }
  }
  return { book, last, decoder };
}

function describe(book: OrderBook, last: Entry | undefined, scale: Scale | undefined, count: number): BookAt {
  const isValid = book.invalidity === null;
  return {
    invalidity: last === undefined ? 'no-data' : book.invalidity,
    entryId: last?.entryId ?? null,
    receiveTimeUs: last?.events.at(-1)?.receiveTimeUs ?? null,
    levels: bookLevels(book, isValid ? count : 0),
    scale,
  };
}

/**
 * Where reading has to begin, ms since the epoch, so that the book is valid at an instant: before the last snapshot up to
 * then; undefined where there is none.
 */
export async function startWithBook(redis: Redis, key: string, atMs: number): Promise<number | undefined> {
  const snapshot = await lastEntryWith(redis, key, 'depthSnapshot', atMs);
  return snapshot === undefined ? undefined : startBefore(snapshot);
}

/** Where reading has to begin, so that features know the book and the scale at the instant. */
export interface InputsFrom {
  /** ms since the epoch. */
  readonly from: number;
  /** undefined: the log says it behind that. */
  readonly scale: Scale | undefined;
}

/** @param needsBook whether they are of the book at all; a log that has none is long to search */
export async function startInputs(
  redis: Redis,
  { instrument, recording }: RecordingName,
  atMs: number,
  needsBook: boolean,
): Promise<InputsFrom> {
  const key = rawKey(instrument, recording);
  const from = (needsBook ? await startWithBook(redis, key, atMs) : undefined) ?? atMs;
  return { from, scale: await scaleBefore(redis, key, from) };
}

function startBefore(snapshot: Entry): number {
  return Math.max(0, parseEntryId(snapshot.entryId).ms - BEFORE_SNAPSHOT_MS);
}

/** Tick and step size that hold at the instant: those of the log's first entries, or of a later `instrument` event. */
export async function scaleBefore(redis: Redis, key: string, at: EntryId | number): Promise<Scale | undefined> {
  const first = await redis.xrangeBuffer(key, '-', at, 'COUNT', PAGE);
  const entries = first.map(([id, pairs]) => decodeEntry(id, pairs));
  const hasInstrument = ({ events }: Entry): boolean => events.some(({ channel }) => channel === 'instrument');
  const found = entries.find(hasInstrument) ?? (await lastEntryWith(redis, key, 'instrument', at));
  const decoder = createDecoder();
  for (const { channel, payload } of found?.events ?? [])
    if (channel === 'instrument') decoder.decode(channel, payload);
  return decoder.scale;
}

/** The last entry up to `end` that holds an event of the channel; undefined where there is none. */
async function lastEntryWith(
  redis: Redis,
  key: string,
  channel: string,
  end: EntryId | number,
): Promise<Entry | undefined> {
  let before: EntryId | number = end;
  for (;;) {
    const page = await redis.xrevrangeBuffer(key, before, '-', 'COUNT', PAGE);
    for (const [id, pairs] of page) {
      const entry = decodeEntry(id, pairs);
      if (entry.events.some((event) => event.channel === channel)) return entry;
    }
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < PAGE) return undefined;
    before = `(${oldest[0].toString()}`;
  }
}
