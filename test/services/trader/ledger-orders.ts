import type { LedgerEvent } from '../../../operators/ledger/ledger-event.ts';

/** What the ledger tells of the orders of its last session. */
export interface LedgerOrders {
  readonly intended: number;
  readonly fills: number;
  /** Those that were sent and have not ended, by their numbers. */
  readonly open: ReadonlyMap<number, { readonly qtySteps: number; readonly leftSteps: number }>;
}

export function ordersIn(events: readonly LedgerEvent[]): LedgerOrders {
  const open = new Map<number, { qtySteps: number; leftSteps: number }>();
  let [intended, fills] = [0, 0];

  function fill(orderId: number, qtySteps: number): void {
    const order = open.get(orderId);
    if (order === undefined) return;
    order.leftSteps -= qtySteps;
    if (order.leftSteps <= 0) open.delete(orderId);
  }

  for (const event of events) {
    if (event.type === 'sessionOpened') {
      open.clear();
      [intended, fills] = [0, 0];
    }
    if (event.type === 'orderIntended' || event.type === 'conditionalIntended') intended++;
    if (event.type === 'orderIntended' || event.type === 'conditionalIntended' || event.type === 'orderTriggered')
      open.set(event.order.orderId!, { qtySteps: event.order.qtySteps!, leftSteps: event.order.qtySteps! });
    if (event.type === 'orderClosed') open.delete(event.orderId);
    if (event.type === 'sessionClosed') open.clear();
    if (event.type === 'account' && event.event.type === 'fill') {
      fills++;
      fill(Number(event.event.orderId), event.event.qtySteps);
    }
    if (event.type === 'orderReported' && event.fact.type === 'amended') {
      const { qtySteps } = event.fact;
      const order = open.get(event.orderId);
      if (order === undefined) continue;
      order.leftSteps += qtySteps - order.qtySteps;
      order.qtySteps = qtySteps;
      fill(event.orderId, 0);
    }
  }
  return { intended, fills, open };
}
