import type { TopOfBook } from '../book/top-of-book.ts';

/** Best ask minus best bid, in ticks; always positive in a valid book. */
export function quotedSpread({ bidTicks, askTicks }: TopOfBook): number {
  return askTicks - bidTicks;
}
