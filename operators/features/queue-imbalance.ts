import type { TopOfBook } from '../book/top-of-book.ts';
import { defineFeature } from './definition.ts';
import { ofQuote } from './of-quote.ts';

/**
 * Imbalance of the best queues, from −1 (all asked) to 1 (all bid).
 *
 * (Q_b − Q_a) / (Q_b + Q_a)
 *
 * @see Gould & Bonart (2016), "Queue Imbalance as a One-Tick-Ahead Price Predictor in a Limit Order Book".
 */
export function queueImbalance({ bidSteps, askSteps }: TopOfBook): number {
  return (bidSteps - askSteps) / (bidSteps + askSteps);
}

export const QUEUE_IMBALANCE = defineFeature({
  name: 'queue_imbalance',
  version: 1,
  title: 'Queue imbalance',
  group: 'book',
  inputs: ['topOfBook', 'bookBreak'],
  parameters: {},
  outputs: { '': { unit: 'ratio', range: [-1, 1], says: 'positive: more is bid at the best prices than asked' } },
  warmUp: () => ({ count: 1, of: 'quotes' }),
  formula: '(Q_b − Q_a) / (Q_b + Q_a)',
  source: 'Gould & Bonart (2016), Market Microstructure and Liquidity 2(2)',
  create: () => ofQuote(queueImbalance),
});
