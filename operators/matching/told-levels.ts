import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { BookChange } from '../book/order-book.ts';

/**
 * Whether an event has told of a level, be it with the quantity that it had: a diff tells of those that it names, a snapshot of
 * all.
 * @param change what the event did to the book
 */
export function tellsLevel(event: MarketEvent, change: BookChange, side: 'bid' | 'ask', tick: number): boolean {
  if (change !== 'diff' || event.type !== 'depthUpdate') return change === 'rebuilt';
  const { ticks, start, count } = side === 'bid' ? event.bids : event.asks;
  for (let n = start; n < start + count; n++) if (ticks[n] === tick) return true;
  return false;
}
