import type { OrderRequest, OrderSide } from '../../operators/matching/order.ts';
import { removeAt } from '../../operators/matching/remove-at.ts';
import type { OwnOrder } from './strategy.ts';

/** Own orders and the position as the strategy knows them. */
export interface OwnOrders {
  readonly orders: readonly OwnOrder[];
  readonly positionSteps: number;
  add(request: OrderRequest): void;
  open(orderId: number): void;
  /** @returns whether it is to be sent: not for one that is not there, or being cancelled already */
  cancel(orderId: number): boolean;
  fill(orderId: number, qtySteps: number): void;
  /** The position changed without an order. */
  move(side: OrderSide, qtySteps: number): void;
  end(orderId: number): void;
}

export function createOwnOrders(): OwnOrders {
  const orders: OwnOrder[] = [];
  let positionSteps = 0;

  function find(orderId: number): OwnOrder | undefined {
    for (let n = 0; n < orders.length; n++) if (orders[n]!.orderId === orderId) return orders[n];
    return undefined;
  }

  function move(side: OrderSide, qtySteps: number): void {
    positionSteps += side === 'buy' ? qtySteps : -qtySteps;
  }

  function remove(orderId: number): void {
    for (let n = 0; n < orders.length; n++) {
      if (orders[n]!.orderId !== orderId) continue;
      removeAt(orders, n);
      return;
    }
  }

  return {
    orders,
    get positionSteps() {
      return positionSteps;
    },
    add: ({ orderId, side, priceTicks, qtySteps }) => {
      orders.push({ orderId, side, priceTicks, leftSteps: qtySteps, state: 'sent' });
    },
    open(orderId) {
      const order = find(orderId);
      if (order?.state === 'sent') order.state = 'open';
    },
    cancel(orderId) {
      const order = find(orderId);
      if (order === undefined || order.state === 'cancelling') return false;
      order.state = 'cancelling';
      return true;
    },
    fill(orderId, qtySteps) {
      const order = find(orderId);
      if (order === undefined) return;
      move(order.side, qtySteps);
      order.leftSteps -= qtySteps;
      if (order.leftSteps <= 0) remove(orderId);
    },
    move,
    end: remove,
  };
}
