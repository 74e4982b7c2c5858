import type { Side } from './matching/order-book.ts';

/** The levels that changed since the update before; quantities are absolute, 0 removes. Prices ascend, as in Binance's frames. */
export interface DepthChange {
  readonly firstUpdateId: number;
  readonly finalUpdateId: number;
  readonly previousFinalUpdateId: number;
  /** Time of the last change in it, ms. */
  readonly timeMs: number;
  readonly bidTicks: readonly number[];
  readonly askTicks: readonly number[];
}

/** Collects the changed levels of one diff stream speed. */
export interface DepthUpdates {
  readonly changed: (side: Side, priceTicks: number, updateId: number, timeMs: number) => void;
  /** What has changed since the last flush, or undefined. */
  readonly flush: () => DepthChange | undefined;
}

export function depthUpdates(lastUpdateId: number): DepthUpdates {
  const bids = new Set<number>();
  const asks = new Set<number>();
  let previousFinalUpdateId = lastUpdateId;
  let firstUpdateId = 0;
  let finalUpdateId = 0;
  let changedAtMs = 0;
  return {
    changed: (side, priceTicks, updateId, timeMs) => {
      if (bids.size + asks.size === 0) firstUpdateId = updateId;
      finalUpdateId = updateId;
      changedAtMs = timeMs;
      (side === 'bid' ? bids : asks).add(priceTicks);
    },
    flush: () => {
      if (bids.size + asks.size === 0) return undefined;
      const change: DepthChange = {
        firstUpdateId,
        finalUpdateId,
        previousFinalUpdateId,
        timeMs: changedAtMs,
        bidTicks: [...bids].sort(ascending),
        askTicks: [...asks].sort(ascending),
      };
      previousFinalUpdateId = finalUpdateId;
      bids.clear();
      asks.clear();
      return change;
    },
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}
