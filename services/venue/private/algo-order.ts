import type { ConditionalOrder } from '../../../operators/matching/conditional-order.ts';

/** As `ALGO_UPDATE` tells them: triggered orders are `TRIGGERED` while they live, and `FINISHED` after. */
export type AlgoStatus = 'NEW' | 'CANCELED' | 'TRIGGERING' | 'TRIGGERED' | 'FINISHED' | 'REJECTED' | 'EXPIRED';

/** A conditional order in the algo service, with what has become of it. Its `orderId` is its id there, `algoId`. */
export interface AlgoOrder extends ConditionalOrder {
  readonly symbol: string;
  readonly clientAlgoId: string;
  /** ms since the epoch; 0: it does not end by itself. */
  readonly goodTillMs: number;
  readonly createdMs: number;
  status: AlgoStatus;
  updatedMs: number;
  triggeredMs: number;
  /** Id of the order that it has become; 0 before. */
  actualOrderId: number;
  /** Why it was rejected. */
  failure: string;
}

/** `GTE_GTC` (as long as there is a position) where the whole of it is closed. */
export function algoTimeInForce({ closesPosition, timeInForce }: AlgoOrder): string {
  return closesPosition ? 'GTE_GTC' : timeInForce;
}
