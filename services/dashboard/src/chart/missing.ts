import { dateTime } from '../format/time.ts';
import { describeInvalidity } from '../market/book.ts';
import { describeGap, type Gap } from '../market/gaps.ts';
import type { InvalidSpan } from '../market/invalid-spans.ts';
import type { ChartPane, LineSource } from './line-source.ts';
import type { ShadedSpan } from './span-shade.ts';
import type { ValuelessSpan } from './valueless-spans.ts';

/** What is known to be missing of a market. */
export interface KnownMissing {
  readonly gaps: readonly Gap[];
  /** Times in which the order book was not valid. */
  readonly invalid: readonly InvalidSpan[];
}

/** Why something that is drawn has no value at an instant. */
export interface Missing {
  /** Names of what has none; empty where there is a gap and all have one. */
  readonly labels: readonly string[];
  /** A sentence; null where the gaps say it. */
  readonly why: string | null;
  /** Gaps at that very instant. */
  readonly gaps: readonly Gap[];
}

const BOOK_CHANNEL = 'depth';

/** Candles are of trades, and stand for the market that the book is of; what is missing elsewhere is marked beside them. */
const SHADED_CHANNELS: ReadonlySet<string> = new Set(['depth', 'aggTrade', 'trade']);

/** Spans of gaps to be shaded or marked behind candles. */
export function gapSpans(gaps: readonly Gap[]): ShadedSpan[] {
  return gaps.map((gap) => shadedSpan(gap, SHADED_CHANNELS.has(gap.channel) ? 'gap' : 'mark'));
}

/** Spans to be shaded behind a pane: gaps in what it is made of, and where a line of it has no value. */
export function shadedSpans(source: LineSource, pane: ChartPane, { gaps, invalid }: KnownMissing): ShadedSpan[] {
  const isOfBook = pane.channels.includes(BOOK_CHANNEL);
  return [
    ...source.valueless(pane).map(({ fromS, toS }): ShadedSpan => ({ fromS, toS, kind: 'invalid' })),
    ...(isOfBook ? invalid : []).map((span) => shadedSpan(span, 'invalid')),
    ...gaps.filter(({ channel }) => pane.channels.includes(channel)).map((gap) => shadedSpan(gap, 'gap')),
  ];
}

export function shadedSpan({ fromMs, toMs }: InvalidSpan | Gap, kind: ShadedSpan['kind']): ShadedSpan {
  return { fromS: fromMs / 1000, toS: toMs === null ? null : toMs / 1000, kind };
}

/** What is missing in a pane in the step from `fromS` on; null where nothing is. */
export function missingAt(
  source: LineSource,
  pane: ChartPane,
  step: { readonly fromS: number; readonly toS: number },
  { gaps, invalid }: KnownMissing,
): Missing | null {
  const { fromS, toS } = step;
  const touches = (span: { fromS: number; toS: number | null }): boolean =>
    span.fromS < toS && (span.toS ?? Number.POSITIVE_INFINITY) > fromS;
  const own = gaps.filter(({ channel }) => pane.channels.includes(channel));
  const now = own.filter((gap) => touches(shadedSpan(gap, 'gap')));
  const silent = source.valueless(pane).find(touches);
  const book = invalid.find((span) => touches(shadedSpan(span, 'invalid')));
  const isBookInvalid = book !== undefined && pane.channels.includes(BOOK_CHANNEL);
  if (now.length === 0 && silent === undefined && !isBookInvalid) return null;
  const labels = pane.lines.filter((line) => source.valueAt(line, fromS) === null).map(({ label }) => label);
  if (now.length > 0) return { labels, why: null, gaps: now };
  const why = isBookInvalid
    ? `The order book is not valid: ${describeInvalidity(book.reason)}`
    : silenceOf(silent!, pane, own);
  return { labels, why, gaps: [] };
}

function silenceOf({ fromS, toS, isFirst }: ValuelessSpan, { warmUp }: ChartPane, gaps: readonly Gap[]): string {
  // The newest gap is the first of them: what is told of it is what the silence is of.
  const cause = gaps.find(
    (gap) => gap.fromMs / 1000 < toS && (gap.toMs ?? Number.POSITIVE_INFINITY) / 1000 >= fromS - 1,
  );
  const needed = warmUp === null ? '' : `: it needs ${warmUp}`;
  if (cause !== undefined)
    return `Warming up anew${needed}, since ${dateTime(cause.fromMs)} UTC. ${describeGap(cause)}`;
  return isFirst ? `Warming up${needed}` : 'Nothing came that it is made of, it cannot be said, or it warms up anew';
}
