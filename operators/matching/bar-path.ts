import {
  type BarExchange,
  type BarOrder,
  type BarRules,
  barConditionalRules,
  fillBarOrder,
  placeBarOrder,
  reducible,
  sayPrice,
  settleBar,
} from './bar-exchange.ts';
import { type Leg, trail, triggerOn } from './bar-trigger.ts';
import type { ConditionalOrder } from './conditional-order.ts';
import { becomeOrder } from './conditional-orders.ts';
import type { ExchangeListener } from './order.ts';
import { removeAt } from './remove-at.ts';

/** Prices that a candle tells, in ticks. */
export interface BarRange {
  readonly open: number;
  readonly low: number;
  readonly high: number;
  readonly close: number;
}

/** Told on the way. */
export interface PathListener extends ExchangeListener {
  /** A price triggers an order that waits, which is placed next. */
  readonly onPrice?: (ticks: number) => void;
  /** An order has been filled or triggered. */
  readonly onStep?: () => void;
}

type Path = readonly Leg[];

/**
 * The price goes over a range: what rests and is gone through is filled at its own price, what waits and is triggered is placed
 * at the price that triggers it, on the path that is the worse for the account. The listener may take all orders away, as a
 * liquidation does: then that is all.
 *
 * The price goes first to one end of the candle, then to the other, and then to the close, nobody knows to which first. Orders to
 * buy are met on the way down, the highest first, orders to sell on the way up, the lowest first; one whose price is only
 * touched is not filled. Of the two paths the one is taken that leaves less at the candle's close, before fees, if the account
 * refuses nothing. They differ where an order meets another position on each, where one that was triggered is placed, or where
 * the volume does not suffice for all; where they do not, the price goes against the position first.
 */
export function passPrices(exchange: BarExchange, rules: BarRules, range: BarRange, listener: PathListener): void {
  const { orders, conditional } = exchange;
  if (orders.length === 0 && conditional.waiting.length === 0) return;
  const { open, low, high, close } = range;
  const down: Leg = { from: high, to: low, isDown: true };
  const up: Leg = { from: low, to: high, isDown: false };
  if (!mayTrigger(conditional.waiting, down, up)) {
    const isMet = (leg: Leg): boolean => orders.some((order) => isOnWay(order, leg));
    const [isDownMet, isUpMet] = [isMet(down), isMet(up)];
    if (!isDownMet || !isUpMet) {
      if (isDownMet) walk(exchange, rules, [down], listener);
      if (isUpMet) walk(exchange, rules, [up], listener);
      for (const leg of [down, up]) trail(conditional.waiting, leg);
      return;
    }
  }
  const downFirst: Path = [{ ...down, from: open }, up, { from: high, to: close, isDown: true }];
  const upFirst: Path = [{ ...up, from: open }, down, { from: low, to: close, isDown: false }];
  const [downWorth, upWorth] = [worthOf(exchange, rules, downFirst, close), worthOf(exchange, rules, upFirst, close)];
  const isDownFirst = downWorth === upWorth ? exchange.positionSteps >= 0 : downWorth < upWorth;
  walk(exchange, rules, isDownFirst ? downFirst : upFirst, listener);
}

/** Whether any of the orders that wait may be triggered, by one way or the other; trailing stops by what they trail to on it. */
function mayTrigger(waiting: readonly ConditionalOrder[], down: Leg, up: Leg): boolean {
  return waiting.some((order) => {
    const trailed = { ...order };
    trail([trailed], order.side === 'buy' ? down : up);
    return [down, up].some((leg) => !Number.isNaN(triggerOn(trailed, leg)));
  });
}

function isOnWay({ side, priceTicks }: BarOrder, { to, isDown }: Leg): boolean {
  return isDown ? side === 'buy' && to < priceTicks : side === 'sell' && to > priceTicks;
}

const SILENT: ExchangeListener = { onAccepted: () => {}, onFill: () => {}, onEnd: () => {}, onUnknown: () => {} };

/** What a path leaves at the close, in ticks × steps, where the account refuses nothing. */
function worthOf(exchange: BarExchange, { assumptions }: BarRules, path: Path, close: number): number {
  const copy: BarExchange = {
    ...exchange,
    orders: exchange.orders.map((order) => ({ ...order })),
    conditional: { ...exchange.conditional, waiting: exchange.conditional.waiting.map((order) => ({ ...order })) },
  };
  let cash = 0;
  const listener: ExchangeListener = {
    ...SILENT,
    onFill({ side }, priceTicks, qtySteps) {
      cash += (side === 'buy' ? -1 : 1) * priceTicks * qtySteps;
    },
  };
  walk(copy, { assumptions }, path, listener);
  return cash + copy.positionSteps * close;
}

function walk(exchange: BarExchange, rules: BarRules, path: Path, listener: PathListener): void {
  const { orders, conditional } = exchange;
  for (const leg of path) {
    let at = leg.from;
    while (orders.length > 0 || conditional.waiting.length > 0) {
      const met = nextMet(exchange, leg);
      if (met === undefined) break;
      at = leg.isDown ? Math.min(at, met.ticks) : Math.max(at, met.ticks);
      if (met.rests !== undefined) fillBarOrder(exchange, met.rests, listener);
      else trigger(exchange, rules, met.waits!, at, listener);
      settleBar(exchange, listener);
      listener.onStep?.();
    }
    trail(conditional.waiting, leg);
  }
}

interface Met {
  readonly ticks: number;
  readonly rests?: BarOrder;
  readonly waits?: ConditionalOrder;
}

/** The order that is met first; of equal prices what rests before what waits, and the older before the later. */
function nextMet(exchange: BarExchange, leg: Leg): Met | undefined {
  let met: Met | undefined;
  const isFirst = (ticks: number): boolean => met === undefined || (leg.isDown ? ticks > met.ticks : ticks < met.ticks);
  for (const order of exchange.orders)
    if (isOnWay(order, leg) && isFirst(order.priceTicks) && mayFill(exchange, order))
      met = { ticks: order.priceTicks, rests: order };
  for (const order of exchange.conditional.waiting) {
    const ticks = triggerOn(order, leg);
    if (!Number.isNaN(ticks) && isFirst(ticks)) met = { ticks, waits: order };
  }
  return met;
}

/** Whether anything becomes of an order that is met: there is volume left, or nothing that it could reduce. */
function mayFill({ positionSteps, volumeSteps }: BarExchange, { side, isReduceOnly }: BarOrder): boolean {
  return volumeSteps > 0 || (isReduceOnly && reducible(positionSteps, side) === 0);
}

/** What waits becomes an order at a price, unless the listener has taken it away. */
function trigger(
  exchange: BarExchange,
  rules: BarRules,
  order: ConditionalOrder,
  ticks: number,
  listener: PathListener,
): void {
  const { conditional } = exchange;
  listener.onPrice?.(ticks);
  const at = conditional.waiting.indexOf(order);
  if (at < 0) return;
  removeAt(conditional.waiting, at);
  sayPrice(exchange, ticks);
  const place = (request: Parameters<typeof placeBarOrder>[2]): void =>
    placeBarOrder(exchange, rules, request, ticks, listener);
  becomeOrder(conditional, { ...barConditionalRules(exchange), place }, order, listener);
}
