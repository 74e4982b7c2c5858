import { leave, pass, type QueueAhead } from './book-queue.ts';

/** What trades told since it was last cleared, and how far own orders have come by them. Plain properties, changed in place. */
export interface ToldTrades {
  buySteps: number;
  sellSteps: number;
  trades: number;
  readonly bid: QueueAhead;
  readonly ask: QueueAhead;
  /** Takes in a trade that the book matched, each once. @param isSell the taker sold */
  hear(isSell: boolean, ticks: number, steps: number): void;
  /** Nothing was told yet; queues stay. */
  clear(): void;
  /** Nothing was told yet, and there are no own orders. */
  reset(): void;
}

export function createToldTrades(): ToldTrades {
  const told: ToldTrades = {
    buySteps: 0,
    sellSteps: 0,
    trades: 0,
    bid: { orderId: 0, priceTicks: Number.NaN, aheadSteps: 0 },
    ask: { orderId: 0, priceTicks: Number.NaN, aheadSteps: 0 },
    hear(isSell, ticks, steps) {
      told.trades++;
      if (isSell) {
        told.sellSteps += steps;
        if (ticks <= told.bid.priceTicks) pass(told.bid, ticks, steps);
      } else {
        told.buySteps += steps;
        if (ticks >= told.ask.priceTicks) pass(told.ask, ticks, steps);
      }
    },
    clear() {
      told.buySteps = 0;
      told.sellSteps = 0;
      told.trades = 0;
    },
    reset() {
      leave(told.bid);
      leave(told.ask);
      told.clear();
    },
  };
  return told;
}
