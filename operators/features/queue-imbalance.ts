import type { TopOfBook } from '../book/top-of-book.ts';

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
