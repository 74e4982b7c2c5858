import type { TopOfBook } from '../book/top-of-book.ts';
import { defineFeature } from './definition.ts';
import { ofQuote } from './of-quote.ts';

/**
 * Best ask less best bid as a part of the midprice, in basis points; always positive in a valid book.
 *
 * 10⁴·(P_a − P_b) / m
 *
 * @see Harris (2003), "Trading and Exchanges", chapter 14.
 */
export function quotedSpreadBps({ bidTicks, askTicks }: TopOfBook): number {
  return (20_000 * (askTicks - bidTicks)) / (bidTicks + askTicks);
}

export const QUOTED_SPREAD_BPS = defineFeature({
  name: 'quoted_spread_bps',
  version: 1,
  title: 'Quoted spread in basis points',
  group: 'book',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {},
  outputs: { '': { unit: 'bps', range: [0, 20_000], says: 'of the midprice; always above 0 in a valid book' } },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: '10⁴·(P_a − P_b) / m',
  source: 'Harris (2003), Trading and Exchanges, chapter 14',
  create: () => ofQuote(quotedSpreadBps),
});
