import type { OrderSide } from './order.ts';

/** A limit order that rests while candles pass. Plain data. */
export interface BarOrder {
  readonly orderId: number;
  readonly side: OrderSide;
  readonly isReduceOnly: boolean;
  readonly priceTicks: number;
  /** What is left of it. */
  leftSteps: number;
}

/** What comes of an order within a candle. */
export interface PathFill {
  readonly order: BarOrder;
  /** 0: it ends without a fill, as there is nothing that it could reduce. */
  readonly qtySteps: number;
  /** A reduce-only order of which nothing may be filled any more. */
  readonly isEnd: boolean;
}

/** Prices that a candle tells, in ticks. */
export interface BarRange {
  readonly low: number;
  readonly high: number;
  readonly close: number;
}

const NONE: readonly PathFill[] = [];

/**
 * What the orders that the price goes through come to within a candle, on the path that is the worse for the account.
 *
 * The price goes first to one end of the candle and then to the other, nobody knows to which first. Orders to buy are met
 * on the way down, the highest first, orders to sell on the way up, the lowest first; one whose price is only touched is
 * not filled. Of the two paths the one is taken that leaves less at the candle's close, before fees. They differ where a
 * reduce-only order meets another position on each, or where the volume does not suffice for all; where they do not, the
 * price goes against the position first.
 *
 * @param positionSteps before the candle; negative: short
 * @param volumeSteps that own orders may get in all
 */
export function worsePath(
  orders: readonly BarOrder[],
  { low, high, close }: BarRange,
  positionSteps: number,
  volumeSteps: number,
): readonly PathFill[] {
  const bids: BarOrder[] = [];
  const asks: BarOrder[] = [];
  for (let n = 0; n < orders.length; n++) {
    const order = orders[n]!;
    if (order.side === 'buy' ? low < order.priceTicks : high > order.priceTicks)
      (order.side === 'buy' ? bids : asks).push(order);
  }
  if (bids.length + asks.length === 0) return NONE;
  // Sorting is stable: of equal prices the older comes first.
  if (bids.length > 1) bids.sort((one, other) => other.priceTicks - one.priceTicks);
  if (asks.length > 1) asks.sort((one, other) => one.priceTicks - other.priceTicks);
  if (asks.length === 0 || bids.length === 0)
    return follow([...bids, ...asks], close, positionSteps, volumeSteps).fills;
  const downFirst = follow([...bids, ...asks], close, positionSteps, volumeSteps);
  const upFirst = follow([...asks, ...bids], close, positionSteps, volumeSteps);
  if (downFirst.worth === upFirst.worth) return positionSteps < 0 ? upFirst.fills : downFirst.fills;
  return downFirst.worth < upFirst.worth ? downFirst.fills : upFirst.fills;
}

/** @returns what each order comes to, in order, and what the path leaves at the close, in ticks × steps */
function follow(
  orders: readonly BarOrder[],
  close: number,
  positionSteps: number,
  volumeSteps: number,
): { readonly fills: readonly PathFill[]; readonly worth: number } {
  const fills: PathFill[] = [];
  let position = positionSteps;
  let volume = volumeSteps;
  let cash = 0;
  for (const order of orders) {
    const reached = Math.min(order.leftSteps, volume);
    const most = order.isReduceOnly ? reducible(position, order.side) : reached;
    const qtySteps = Math.min(reached, most);
    const isEnd = order.isReduceOnly && qtySteps === most && qtySteps < order.leftSteps;
    if (qtySteps === 0 && !isEnd) continue;
    const signed = order.side === 'buy' ? qtySteps : -qtySteps;
    position += signed;
    cash -= signed * order.priceTicks;
    volume -= qtySteps;
    fills.push({ order, qtySteps, isEnd });
  }
  return { fills, worth: cash + position * close };
}

/** By how much an order of that side can make a position smaller. */
export function reducible(positionSteps: number, side: OrderSide): number {
  return Math.max(0, side === 'buy' ? 0 - positionSteps : positionSteps);
}
