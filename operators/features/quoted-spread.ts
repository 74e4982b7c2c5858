import type { TopOfBook } from '../book/top-of-book.ts';
import { defineFeature } from './definition.ts';
import { ofQuote } from './of-quote.ts';

/** Best ask minus best bid, in ticks; always positive in a valid book. */
export function quotedSpread({ bidTicks, askTicks }: TopOfBook): number {
  return askTicks - bidTicks;
}

export const QUOTED_SPREAD = defineFeature({
  name: 'quoted_spread',
  version: 1,
  title: 'Quoted spread',
  group: 'book',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {},
  outputs: { '': { unit: 'price', range: [0, null], says: 'always above 0 in a valid book' } },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: 'P_a − P_b',
  source: 'Harris (2003), Trading and Exchanges, chapter 14',
  create: () => ofQuote(quotedSpread),
});
