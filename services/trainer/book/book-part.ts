import { BadInput } from '../../../infra/setup-error.ts';
import { type BookStart, type BookTape, createBookTape } from '../../../pipelines/environment/book-tape.ts';
import { tapeBetween } from '../../../pipelines/environment/book-tape-part.ts';
import type { Tape } from '../../../streams/tape/tape.ts';
import type { Span } from '../run/bar-data.ts';
import type { BookConfig } from './book-config.ts';
import type { BookData } from './book-data.ts';

/** A part of a recording's time, of which nothing behind its end is known. Times by the exchange's clock. */
export interface BookPart extends Span {
  /** Episodes begin at any of its places. */
  readonly tape: BookTape;
  /** With the one place from which a pass over the whole part begins, and what is heard from there before the first decision, ms. */
  readonly whole: { readonly tape: BookTape; readonly warmUpMs: number };
}

/** Places where episodes may begin, of a part. */
const PLACES = 100;
/** Least time between two of them, ms: each keeps a book of its own. */
const PLACES_APART_MS = 1_000;

/** @throws BadInput where a span holds no valid book, both have time in common, or too little is left to learn of */
export function bookParts(
  tapes: readonly Tape[],
  config: Pick<BookConfig, 'train' | 'test' | 'features' | 'earlyStopping'>,
): Pick<BookData, 'train' | 'learned' | 'validation' | 'test'> {
  const { train: trainSaid, test: testSaid, features } = config;
  const all = tapeOf(tapes, Number.POSITIVE_INFINITY);
  const data = { fromMs: all.starts[0]!.timeUs / 1_000, toMs: all.endUs / 1_000 };
  const lengthMs = data.toMs - data.fromMs;
  const train =
    'share' in trainSaid
      ? { fromMs: data.fromMs, toMs: data.fromMs + trainSaid.share * lengthMs }
      : { fromMs: Date.parse(trainSaid.from), toMs: Date.parse(trainSaid.to) };
  const test =
    'share' in testSaid
      ? { fromMs: data.toMs - testSaid.share * lengthMs, toMs: data.toMs }
      : { fromMs: Date.parse(testSaid.from), toMs: Date.parse(testSaid.to) };
  for (const [name, span] of [
    ['train', train],
    ['test', test],
  ] as const)
    if (!(span.fromMs < span.toMs && span.fromMs < data.toMs && span.toMs > data.fromMs))
      throw new BadInput(`${name}: expected a span within ${told(data)}, where the book is, found ${told(span)}`);
  if (train.toMs > test.fromMs && test.toMs > train.fromMs)
    throw new BadInput(
      `test: expected a span that nothing is learned of, found ${told(test)}, which overlaps train (${told(train)})`,
    );
  // What features need to have heard before they say something.
  const warmUpMs = features.length === 0 ? 0 : 60_000;
  const part = (name: string, span: Span): BookPart => partOf(name, tapes, span, all.skewUs, warmUpMs);
  const parts = { train: part('train', train), test: part('test', test) };
  const split = splitOf(config, { fromMs: Math.max(train.fromMs, data.fromMs), toMs: Math.min(train.toMs, data.toMs) });
  if (split === null) return { ...parts, learned: parts.train, validation: null };
  const { learned, validation } = split;
  return { ...parts, learned: part('earlyStopping', learned), validation: part('earlyStopping', validation) };
}

/** The training span, less its end where the config says that training stops early; null: it does not. */
function splitOf({ earlyStopping }: Pick<BookConfig, 'earlyStopping'>, { fromMs, toMs }: Span) {
  if (earlyStopping === null) return null;
  const { share, embargoMs } = earlyStopping;
  const validationMs = toMs - share * (toMs - fromMs);
  const learned = { fromMs, toMs: validationMs - embargoMs };
  if (learned.toMs <= fromMs)
    throw new BadInput(
      `earlyStopping: expected a training span with time to learn of, ${embargoMs} ms of embargo and ${share} of it to look at, found ${Math.round(toMs - fromMs)} ms`,
    );
  return { learned, validation: { fromMs: validationMs, toMs } };
}

function partOf(name: string, tapes: readonly Tape[], span: Span, skewUs: number, warmUpMs: number): BookPart {
  const fromUs = span.fromMs * 1_000;
  const startEveryMs = Math.max(PLACES_APART_MS, (span.toMs - span.fromMs) / PLACES);
  const tape = tapeOf(tapesBefore(tapes, span.toMs * 1_000 - skewUs), startEveryMs, skewUs);
  const starts = tape.starts.filter(({ timeUs }) => timeUs >= fromUs);
  const before = tape.starts.findLast(({ timeUs }) => timeUs <= fromUs - warmUpMs * 1_000);
  const first: BookStart | undefined = before ?? tape.starts.find(({ timeUs }) => timeUs <= fromUs) ?? starts[0];
  if (first === undefined || starts.length === 0)
    throw new BadInput(`${name}: expected a span with a valid order book, found none in ${told(span)}`);
  return {
    ...span,
    tape: { ...tape, starts },
    whole: { tape: { ...tape, starts: [first] }, warmUpMs: Math.max(0, (fromUs - first.timeUs) / 1_000) },
  };
}

/** What was received before a time, µs by the recorder's clock. */
function tapesBefore(tapes: readonly Tape[], beforeUs: number): Tape[] {
  const cut: Tape[] = [];
  for (const tape of tapes) {
    const at = tape.receiveTimesUs.findIndex((timeUs) => timeUs >= beforeUs);
    if (at !== 0) cut.push(tapeBetween(tape, 0, at === -1 ? tape.events : at));
    if (at !== -1) break;
  }
  return cut;
}

function tapeOf(tapes: readonly Tape[], startEveryMs: number, skewUs?: number): BookTape {
  try {
    return createBookTape(tapes, { startEveryMs, ...(skewUs === undefined ? {} : { skewUs }) });
  } catch (error) {
    throw error instanceof RangeError ? new BadInput(error.message) : error;
  }
}

function told({ fromMs, toMs }: Span): string {
  const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 23);
  return `${iso(fromMs)} to ${iso(toMs)}`;
}
