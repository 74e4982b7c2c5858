/** A time in which the order book was not valid, and features were silent. */
export interface InvalidSpan {
  readonly fromMs: number;
  /** Null while it lasts. */
  readonly toMs: number | null;
  /** As the book said it; null where it did not. */
  readonly reason: string | null;
}

const SPANS_MAX = 100;

/** The spans after a book that is or is not valid at `timeMs`, oldest first; the same array where nothing changes. */
export function withBook(
  spans: readonly InvalidSpan[],
  book: { readonly timeMs: number; readonly isValid: boolean; readonly reason: string | null },
): readonly InvalidSpan[] {
  const last = spans.at(-1);
  const isOpen = last !== undefined && last.toMs === null;
  if (book.isValid !== isOpen) return spans;
  if (isOpen) return [...spans.slice(0, -1), { ...last, toMs: book.timeMs }];
  return [...spans.slice(1 - SPANS_MAX), { fromMs: book.timeMs, toMs: null, reason: book.reason }];
}
