import type { PositionSide } from '../../operators/account/account-event.ts';
import type { ConditionalRequest } from '../../operators/matching/conditional-order.ts';
import type { OrderRequest, OrderSide } from '../../operators/matching/order.ts';
import { isReducing } from '../../operators/matching/place-order.ts';
import { removeAt } from '../../operators/matching/remove-at.ts';
import type { OwnConditionalOrder, OwnOrder, StrategyFill } from './strategy.ts';

/** Own orders and positions as the strategy knows them. */
export interface OwnOrders {
  readonly orders: readonly OwnOrder[];
  readonly conditionalOrders: readonly OwnConditionalOrder[];
  /** Both sides of a hedge together. */
  readonly positionSteps: number;
  positionOf(positionSide: PositionSide): number;
  add(request: OrderRequest): void;
  addConditional(request: ConditionalRequest): void;
  open(orderId: number): void;
  /** @returns whether it is to be sent: not for one that is not there, or being cancelled already */
  cancel(orderId: number): boolean;
  /** @returns the order that may be changed; undefined: it is not there, or being cancelled */
  find(orderId: number): Readonly<OwnOrder> | undefined;
  /** A conditional order has become this one. */
  trigger(request: OrderRequest): void;
  /** A change of an order, or of one that is not there, is on its way. @param qtySteps of the whole order */
  sendAmend(orderId: number, qtySteps: number): void;
  amend(orderId: number, priceTicks: number, leftSteps: number): void;
  /** A change was refused: the order is as it was. */
  rejectAmend(orderId: number): void;
  /** @param isLast nothing more comes of the order */
  fill(fill: Pick<StrategyFill, 'orderId' | 'side' | 'positionSide' | 'qtySteps'>, isLast: boolean): void;
  /** The position changed without an order. */
  move(side: OrderSide, qtySteps: number, positionSide: PositionSide): void;
  end(orderId: number): void;
}

export function createOwnOrders(): OwnOrders {
  const orders: OwnOrder[] = [];
  const conditionalOrders: OwnConditionalOrder[] = [];
  /** Changes that are on their way, by order. */
  const amending = new Map<number, number>();
  const positions: Record<PositionSide, number> = { BOTH: 0, LONG: 0, SHORT: 0 };

  function find(orderId: number): OwnOrder | undefined {
    for (let n = 0; n < orders.length; n++) if (orders[n]!.orderId === orderId) return orders[n];
    return undefined;
  }

  const findAny = (orderId: number): OwnOrder | OwnConditionalOrder | undefined =>
    find(orderId) ?? conditionalOrders.find((order) => order.orderId === orderId);

  function move(side: OrderSide, qtySteps: number, positionSide: PositionSide): void {
    positions[positionSide] += side === 'buy' ? qtySteps : -qtySteps;
  }

  function add({ orderId, side, priceTicks, qtySteps, isReduceOnly, positionSide = 'BOTH' }: OrderRequest): void {
    orders.push({
      orderId,
      side,
      positionSide,
      isReduceOnly: isReducing(side, positionSide, isReduceOnly),
      priceTicks,
      qtySteps,
      mostSteps: qtySteps,
      leftSteps: qtySteps,
      state: 'sent',
    });
  }

  /** A change was answered. */
  function endAmend(order: OwnOrder): void {
    const others = Math.max(0, (amending.get(order.orderId) ?? 0) - 1);
    amending.set(order.orderId, others);
    order.mostSteps = others === 0 ? order.qtySteps : Math.max(order.mostSteps, order.qtySteps);
  }

  /** @returns whether it was there */
  function removeFrom(list: { readonly orderId: number }[], orderId: number): boolean {
    for (let n = 0; n < list.length; n++) {
      if (list[n]!.orderId !== orderId) continue;
      removeAt(list, n);
      amending.delete(orderId);
      return true;
    }
    return false;
  }

  return {
    orders,
    conditionalOrders,
    get positionSteps() {
      return positions.BOTH + positions.LONG + positions.SHORT;
    },
    positionOf: (positionSide) => positions[positionSide],
    add,
    addConditional: ({ orderId, side, positionSide, type, triggerTicks, priceTicks, qtySteps, isReduceOnly }) => {
      const terms = { orderId, side, positionSide, type, triggerTicks, priceTicks, qtySteps, isReduceOnly };
      conditionalOrders.push({ ...terms, state: 'sent' });
    },
    open(orderId) {
      const order = findAny(orderId);
      if (order?.state === 'sent') order.state = 'open';
    },
    cancel(orderId) {
      const order = findAny(orderId);
      if (order === undefined || order.state === 'cancelling') return false;
      order.state = 'cancelling';
      return true;
    },
    find(orderId) {
      const order = find(orderId);
      return order?.state === 'cancelling' ? undefined : order;
    },
    trigger(request) {
      const isCancelling = conditionalOrders.some((it) => it.orderId === request.orderId && it.state === 'cancelling');
      removeFrom(conditionalOrders, request.orderId);
      add(request);
      if (isCancelling) orders.at(-1)!.state = 'cancelling';
    },
    sendAmend(orderId, qtySteps) {
      const order = find(orderId);
      if (order === undefined) return;
      amending.set(orderId, (amending.get(orderId) ?? 0) + 1);
      order.mostSteps = Math.max(order.mostSteps, qtySteps);
    },
    amend(orderId, priceTicks, leftSteps) {
      const order = find(orderId);
      if (order === undefined) return;
      order.priceTicks = priceTicks;
      order.qtySteps += leftSteps - order.leftSteps;
      order.leftSteps = leftSteps;
      endAmend(order);
    },
    rejectAmend(orderId) {
      const order = find(orderId);
      if (order !== undefined) endAmend(order);
    },
    fill({ orderId, side, positionSide, qtySteps }, isLast) {
      move(side, qtySteps, positionSide);
      const order = find(orderId);
      if (order === undefined) return;
      order.leftSteps -= qtySteps;
      if (isLast) removeFrom(orders, orderId);
    },
    move,
    end(orderId) {
      if (!removeFrom(orders, orderId)) removeFrom(conditionalOrders, orderId);
    },
  };
}
