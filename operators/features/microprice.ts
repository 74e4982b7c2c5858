import type { TopOfBook } from '../book/top-of-book.ts';
import { defineFeature } from './definition.ts';
import { ofQuote } from './of-quote.ts';

/**
 * Midprice weighted by the opposite queue, in ticks: nearer to the ask where more is bid.
 *
 * (P_b · Q_a + P_a · Q_b) / (Q_a + Q_b)
 *
 * @see Gatheral & Oomen (2010), "Zero-intelligence realized variance estimation", Finance and Stochastics 14.
 * Stoikov (2018) calls it the weighted midprice.
 */
export function microprice({ bidTicks, bidSteps, askTicks, askSteps }: TopOfBook): number {
  return (bidTicks * askSteps + askTicks * bidSteps) / (askSteps + bidSteps);
}

export const MICROPRICE = defineFeature({
  name: 'microprice',
  version: 1,
  title: 'Microprice',
  group: 'book',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {},
  outputs: {
    '': { unit: 'price', range: [0, null], says: 'between bid and ask, nearer to the ask where more is bid' },
  },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: '(P_b·Q_a + P_a·Q_b) / (Q_a + Q_b)',
  source: 'Gatheral & Oomen (2010), Finance and Stochastics 14',
  create: () => ofQuote(microprice),
});
