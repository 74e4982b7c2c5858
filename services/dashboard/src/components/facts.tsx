import type { ComponentChildren } from 'preact';
import { dateTime } from '../format/time.ts';
import type { Span } from '../training/figures.ts';

/** A line of what is known of something, within a `dl`. */
export function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

export function spanText({ fromMs, toMs }: Span): string {
  return `${minute(fromMs)} to ${minute(toMs)} UTC`;
}

function minute(timeMs: number): string {
  return dateTime(timeMs).slice(0, 16);
}
