import type { TopOfBook } from '../book/top-of-book.ts';

/** Mean of best bid and best ask, in ticks (half a tick is possible). */
export function midprice({ bidTicks, askTicks }: TopOfBook): number {
  return (bidTicks + askTicks) / 2;
}
