import type { TopOfBook } from '../book/top-of-book.ts';
import { defineFeature } from './definition.ts';
import { ofQuote } from './of-quote.ts';

/** Mean of best bid and best ask, in ticks (half a tick is possible). */
export function midprice({ bidTicks, askTicks }: TopOfBook): number {
  return (bidTicks + askTicks) / 2;
}

export const MIDPRICE = defineFeature({
  name: 'midprice',
  version: 1,
  title: 'Midprice',
  group: 'book',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {},
  outputs: { '': { unit: 'price', range: [0, null], says: 'mean of best bid and best ask' } },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: '(P_b + P_a) / 2',
  source: 'Harris (2003), Trading and Exchanges',
  create: () => ofQuote(midprice),
});
