import { defineFeature, duration } from './definition.ts';
import { ofQueueChanges, type QueueChange } from './queue-changes.ts';

/**
 * What a best queue lost between two quotes to trades and cancellations, in steps: max(traded, Q′ − Q) at an unchanged
 * price, all of it where the price got worse.
 *
 * The depletion time of a queue is its size over the rate at which it lost in the last `windowMs`, in seconds, as if
 * nothing were added: small where the price is about to move. Silent for a side that lost nothing, and before
 * `windowMs` after the first quote. Trades and depth come on different connections: see `ofQueueChanges` for what that
 * does.
 * @see Cont & de Larrard (2013), "Price Dynamics in a Markovian Limit Order Market", SIAM J. Financial Mathematics
 * 4(1), for the queue whose depletion moves the price.
 */
export function depleted({ price, before, now, traded }: QueueChange): number {
  if (price === 'better') return traded;
  return Math.max(traded, price === 'same' ? before - now : before);
}

export const QUEUE_DEPLETION_TIME = defineFeature({
  name: 'queue_depletion_time',
  version: 1,
  title: 'Depletion time of the best queues',
  group: 'flow',
  inputs: ['topOfBook', 'bookBreak', 'trade', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 10_000, says: 'window of the rate' }) },
  outputs: {
    bid: { unit: 'seconds', range: [0, null], says: 'until the best bid is gone at the rate at which bids went' },
    ask: { unit: 'seconds', range: [0, null], says: 'until the best ask is gone at the rate at which asks went' },
  },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'a queue that lost something' }),
  formula:
    'Q / (Σ depleted / window), depleted = max(traded, Q′ − Q) at the same price, max(traded, Q′) where it got worse, ' +
    'traded where it got better',
  source: 'after Cont & de Larrard (2013), SIAM J. Financial Mathematics 4(1)',
  create: ({ windowMs }) =>
    ofQueueChanges(windowMs, depleted, (bid, ask, { bidSteps, askSteps }) => {
      if (bid === 0 && ask === 0) return undefined;
      const seconds = windowMs / 1_000;
      return {
        bid: bid === 0 ? undefined : (bidSteps * seconds) / bid,
        ask: ask === 0 ? undefined : (askSteps * seconds) / ask,
      };
    }),
});
