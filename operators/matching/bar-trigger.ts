import type { BarExchange } from './bar-exchange.ts';
import { type ConditionalOrder, isReached, turnTicks } from './conditional-order.ts';
import type { OrderSide } from './order.ts';

/** A way of the price in one direction, in ticks. */
export interface Leg {
  readonly from: number;
  readonly to: number;
  readonly isDown: boolean;
}

/**
 * The price at which a way of the price triggers an order that waits; NaN: it does not. A stop is triggered where its price is
 * touched, a take-profit where it is gone through, as an order that rests is filled; a trailing stop where the price has turned
 * back from the best one before this way.
 */
export function triggerOn(order: ConditionalOrder, { to, isDown }: Leg): number {
  const { type, side, triggerTicks } = order;
  const isSell = side === 'sell';
  if (type === 'TAKE_PROFIT' || type === 'TAKE_PROFIT_MARKET') {
    if (isDown === isSell) return Number.NaN;
    return (isDown ? to < triggerTicks : to > triggerTicks) ? triggerTicks : Number.NaN;
  }
  if (isDown !== isSell) return Number.NaN;
  const ticks = type === 'TRAILING_STOP_MARKET' ? turnOnGrid(order) : triggerTicks;
  return (isDown ? to <= ticks : to >= ticks) ? ticks : Number.NaN;
}

function turnOnGrid(order: ConditionalOrder): number {
  return order.side === 'buy' ? Math.ceil(turnTicks(order)) : Math.floor(turnTicks(order));
}

/** The price has come to the end of a way: trailing stops have their best prices from it. */
export function trail(waiting: readonly ConditionalOrder[], { to, isDown }: Leg): void {
  for (let n = 0; n < waiting.length; n++) {
    const order = waiting[n]!;
    if (order.type !== 'TRAILING_STOP_MARKET' || isDown !== (order.side === 'buy')) continue;
    if (Number.isNaN(order.peakTicks)) {
      if (isReached(order, to)) order.peakTicks = to;
    } else order.peakTicks = isDown ? Math.min(order.peakTicks, to) : Math.max(order.peakTicks, to);
  }
}

/**
 * The first price on the way to the end of a candle that is the worse for the position at which an order that waits would make
 * it smaller; that end where there is none.
 */
export function worstBeforeStop({ conditional, positionSteps }: BarExchange, low: number, high: number): number {
  const isLong = positionSteps > 0;
  const leg: Leg = { from: isLong ? high : low, to: isLong ? low : high, isDown: isLong };
  const closing: OrderSide = isLong ? 'sell' : 'buy';
  let worst = leg.to;
  for (const order of conditional.waiting) {
    const ticks = order.side === closing ? triggerOn(order, leg) : Number.NaN;
    if (isLong ? ticks > worst : ticks < worst) worst = ticks;
  }
  return worst;
}
