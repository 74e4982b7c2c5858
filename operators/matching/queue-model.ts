import type { RestingOrder } from './order.ts';

/** What is in front of an order: recordings tell a level's quantity and its trades, and not which orders were cancelled. */
export interface QueueModel {
  readonly name: string;
  /** What it assumes, in a sentence, and what that costs when it is wrong. */
  readonly says: string;
  /** Told after a trade at the order's price. */
  readonly onTrade: (order: RestingOrder, qtySteps: number) => void;
  /** Told after its level was told anew, also with the same quantity where there were trades since. */
  readonly onLevel: (order: RestingOrder, beforeSteps: number, nowSteps: number) => void;
}

/**
 * Only trades bring an order forward; whoever cancels stood behind it. The most careful assumption: in truth orders fill
 * sooner, so a market maker's fills are too few, and those that come are the ones that were traded through.
 * @see https://hftbacktest.readthedocs.io/en/latest/order_fill.html (RiskAdverseQueueModel)
 */
export const RISK_AVERSE: QueueModel = {
  name: 'risk-averse',
  says: 'only trades bring an order forward: fills are too few rather than too many',
  onTrade: (order, qtySteps) => {
    order.frontSteps -= qtySteps;
  },
  onLevel: (order, _, nowSteps) => {
    if (order.frontSteps > nowSteps) order.frontSteps = nowSteps;
  },
};

/**
 * Probability that a cancelled order stood behind, from what is in front and behind.
 * @param front and @param back at least 0
 */
type BehindProbability = (front: number, back: number) => number;

/**
 * Cancellations are shared between those in front and those behind by a probability. What traded since is no cancellation;
 * what is more than before joined behind.
 * @see https://hftbacktest.readthedocs.io/en/latest/order_fill.html (ProbQueueModel); Rigtorp (2013), "Estimating order queue
 * position".
 */
function probability(name: string, says: string, behind: BehindProbability): QueueModel {
  return {
    name,
    says: `cancellations are shared between front and back of the queue: ${says}`,
    onTrade: (order, qtySteps) => {
      order.frontSteps -= qtySteps;
      order.tradedSteps += qtySteps;
    },
    onLevel: (order, beforeSteps, nowSteps) => {
      const cancelled = beforeSteps - nowSteps - order.tradedSteps;
      order.tradedSteps = 0;
      const front = order.frontSteps;
      if (cancelled < 0) {
        order.frontSteps = Math.min(front, nowSteps);
        return;
      }
      const back = beforeSteps - front;
      const found = behind(front, back);
      const share = Number.isFinite(found) ? found : 1;
      const estimate = front - (1 - share) * cancelled + Math.min(back - share * cancelled, 0);
      order.frontSteps = Math.min(estimate, nowSteps);
    },
  };
}

const log = (x: number): number => Math.log(1 + x);

/** f(back) / (f(back) + f(front)). */
const shareOf =
  (f: (x: number) => number): BehindProbability =>
  (front, back) =>
    f(back) / (f(back) + f(front));

/** f(back) / f(back + front). */
const shareOfSum =
  (f: (x: number) => number): BehindProbability =>
  (front, back) =>
    f(back) / f(back + front);

const power =
  (n: number) =>
  (x: number): number =>
    x ** n;

/** Queue models by name. */
export const QUEUE_MODELS: Readonly<Record<string, QueueModel>> = Object.fromEntries(
  [
    RISK_AVERSE,
    probability('probability-log', 'b = ln(1 + back), f = ln(1 + front), behind with b / (b + f)', shareOf(log)),
    probability('probability-log-2', 'behind with ln(1 + back) / ln(1 + back + front)', shareOfSum(log)),
    probability('probability-square', 'behind with back² / (back² + front²)', shareOf(power(2))),
    probability('probability-cube', 'behind with back³ / (back³ + front³)', shareOf(power(3))),
    probability('probability-even', 'behind with back / (back + front)', shareOf(power(1))),
  ].map((model) => [model.name, model]),
);
