import type { Timed } from '../store/series.ts';
import type { ChartLine } from './line-source.ts';

/** A time in which something that is drawn has no value. */
export interface ValuelessSpan {
  /** Seconds since the epoch. */
  readonly fromS: number;
  readonly toS: number;
  /** There was no value before it: it warms up. */
  readonly isFirst: boolean;
}

/** Spans in which at least one of the lines has no value, where it says so or says nothing; oldest first, not overlapping. */
export function valuelessSpans<T extends Timed>(
  samples: readonly T[],
  lines: readonly ChartLine[],
  options: {
    readonly readValue: (sample: T, line: ChartLine) => number | null;
    readonly stepS: number;
    /** Seconds without a sample that are nothing to tell of. */
    readonly bridgedS: number;
  },
): readonly ValuelessSpan[] {
  return merged(lines.flatMap((line) => spansOf(samples, line, options)));
}

function spansOf<T extends Timed>(
  samples: readonly T[],
  line: ChartLine,
  options: Parameters<typeof valuelessSpans<T>>[2],
): ValuelessSpan[] {
  const { readValue, stepS, bridgedS } = options;
  const found: ValuelessSpan[] = [];
  /** End of the last value; null before the first one. */
  let endS: number | null = null;
  /** Since when it says nothing; null while it speaks. */
  let emptyS: number | null = null;
  const close = (atS: number): void => {
    if (emptyS !== null) found.push({ fromS: emptyS + line.laterS, toS: atS + line.laterS, isFirst: endS === null });
    emptyS = null;
  };
  for (const sample of samples) {
    if (readValue(sample, line) === null) {
      emptyS ??= endS ?? sample.timeS;
      continue;
    }
    const isApart: boolean = endS !== null && sample.timeS - (endS - stepS) > bridgedS;
    if (isApart) emptyS ??= endS;
    close(sample.timeS);
    endS = sample.timeS + stepS;
  }
  const last = samples.at(-1);
  if (last !== undefined) close(last.timeS + stepS);
  return found;
}

/** Those that overlap made one. */
function merged(spans: readonly ValuelessSpan[]): ValuelessSpan[] {
  const whole: ValuelessSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.fromS - b.fromS)) {
    const before = whole.at(-1);
    if (before === undefined || before.toS < span.fromS || before.isFirst !== span.isFirst) whole.push(span);
    else whole[whole.length - 1] = { ...before, toS: Math.max(before.toS, span.toS) };
  }
  return whole;
}
