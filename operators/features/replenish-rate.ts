import { defineFeature, duration } from './definition.ts';
import { ofQueueChanges, type QueueChange } from './queue-changes.ts';

/**
 * What was added at least to a best queue between two quotes, in steps: what it gained at an unchanged price beyond
 * what was traded away there, (Q − Q′ + traded)⁺. Cancellations in the same time hide as much of it.
 *
 * As a rate, in steps a second, it is summed over the last `windowMs` and speaks from `windowMs` after the first quote
 * on. Trades and depth come on different connections: see `ofQueueChanges` for what that does.
 * @see Cont, Stoikov & Talreja (2010), "A Stochastic Model for Order Book Dynamics", Operations Research 58(3), section
 * 3.
 */
export function replenished({ price, before, now, traded }: QueueChange): number {
  return price === 'same' ? Math.max(0, now - before + traded) : 0;
}

export const REPLENISH_RATE = defineFeature({
  name: 'replenish_rate',
  version: 1,
  title: 'Replenish rate of the best queues',
  group: 'flow',
  inputs: ['topOfBook', 'bookBreak', 'trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window' }) },
  outputs: {
    bid: { unit: 'qtyPerSecond', range: [0, null], says: 'added to the best bid while its price held' },
    ask: { unit: 'qtyPerSecond', range: [0, null], says: 'added to the best ask while its price held' },
  },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a valid book' }),
  formula: 'Σ (Q − Q′ + traded)⁺·1{P = P′} / window, trades between two quotes by log order',
  source: 'after Cont, Stoikov & Talreja (2010), Operations Research 58(3), section 3',
  create: ({ windowMs }) =>
    ofQueueChanges(windowMs, replenished, (bid, ask) => ({
      bid: (bid * 1_000) / windowMs,
      ask: (ask * 1_000) / windowMs,
    })),
});
