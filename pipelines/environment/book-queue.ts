/** Others' quantity in front of an own order, as far as what was told lets one reckon it: only trades bring it forward. */
export interface QueueAhead {
  /** Of the order; 0: there is none. */
  orderId: number;
  priceTicks: number;
  aheadSteps: number;
}

/** A trade was told, at its price or beyond. */
export function pass(queue: QueueAhead, ticks: number, steps: number): void {
  queue.aheadSteps = ticks === queue.priceTicks ? Math.max(0, queue.aheadSteps - steps) : 0;
}

/** There is no order. */
export function leave(queue: QueueAhead): void {
  queue.orderId = 0;
  queue.priceTicks = Number.NaN;
  queue.aheadSteps = 0;
}

/**
 * Looks at an order that rests, after the trades that were told.
 * @param levelSteps others' quantity at its price now
 */
export function lookAt(queue: QueueAhead, orderId: number, priceTicks: number, levelSteps: number): void {
  if (queue.orderId !== orderId || queue.priceTicks !== priceTicks) {
    queue.orderId = orderId;
    queue.priceTicks = priceTicks;
    queue.aheadSteps = levelSteps;
  } else if (queue.aheadSteps > levelSteps) queue.aheadSteps = levelSteps;
}
