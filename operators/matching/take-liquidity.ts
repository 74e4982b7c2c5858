import type { MarketEvent } from '../../streams/events/decoder.ts';
import { bestLevels, bestTick, type Ladder } from '../book/ladder.ts';
import type { BookChange } from '../book/order-book.ts';
import type { ExchangeListener, OrderRequest } from './order.ts';
import type { ExchangeRules, RecordedExchange } from './recorded-exchange.ts';
import { mayMeetOwn, preventSelfTrade } from './self-trade.ts';
import { tellsLevel } from './told-levels.ts';

/** What own orders took of a level that has not been told anew. */
export interface TakenLevel {
  readonly side: 'bid' | 'ask';
  readonly takenSteps: number;
}

/** An event has come to the book: levels that it tells of are there again as it tells, also where that is as much as before. */
export function restoreTold({ taken }: RecordedExchange, event: MarketEvent, change: BookChange): void {
  for (const [tick, { side }] of taken) if (tellsLevel(event, change, side, tick)) taken.delete(tick);
}

/** Levels looked at when an order takes; what lies beyond them is not there for it. */
const LEVELS_MAX = 1_000;
const levelTicks = new Float64Array(LEVELS_MAX);
const levelSteps = new Float64Array(LEVELS_MAX);

/** What is offered up to the limit, as far as own orders have not taken it. */
export function offered(
  exchange: RecordedExchange,
  { fills }: ExchangeRules,
  opposite: Ladder,
  limit: number,
  qtySteps: number,
): number {
  if (fills === 'whole') return qtySteps;
  const levels = bestLevels(opposite, LEVELS_MAX, levelTicks, levelSteps);
  let sum = 0;
  for (let n = 0; n < levels && sum < qtySteps; n++) {
    if (opposite.side === 'ask' ? levelTicks[n]! > limit : levelTicks[n]! < limit) break;
    sum += leftAt(exchange, opposite.side, levelTicks[n]!, levelSteps[n]!);
  }
  return sum;
}

/**
 * @param qtySteps what the order may take, at most its own quantity
 * @returns what is left of that; below 0: as much, and self-trade prevention ends the order
 */
export function take(
  exchange: RecordedExchange,
  { fills }: ExchangeRules,
  request: OrderRequest,
  qtySteps: number,
  opposite: Ladder,
  limit: number,
  listener: ExchangeListener,
): number {
  if (fills === 'whole') {
    listener.onFill(request, bestTick(opposite), qtySteps, 'taker', qtySteps === request.qtySteps);
    return 0;
  }
  const meetsOwn = exchange.orders.length > 0 && mayMeetOwn(request);
  const levels = bestLevels(opposite, LEVELS_MAX, levelTicks, levelSteps);
  let left = qtySteps;
  for (let n = 0; n < levels && left > 0; n++) {
    const tick = levelTicks[n]!;
    if (opposite.side === 'ask' ? tick > limit : tick < limit) break;
    const there = leftAt(exchange, opposite.side, tick, levelSteps[n]!);
    if (meetsOwn && preventSelfTrade(exchange.orders, request, tick, listener)) return -left;
    const taken = Math.min(there, left);
    if (taken === 0) continue;
    left -= taken;
    noteTaken(exchange, opposite.side, tick, taken);
    listener.onFill(request, tick, taken, 'taker', left === 0 && qtySteps === request.qtySteps);
  }
  return left;
}

/** A level is what was told of it, less what own orders took since. */
function leftAt(exchange: RecordedExchange, side: 'bid' | 'ask', tick: number, steps: number): number {
  return Math.max(0, steps - takenAt(exchange, side, tick));
}

function takenAt({ taken }: RecordedExchange, side: 'bid' | 'ask', tick: number): number {
  const before = taken.get(tick);
  return before?.side === side ? before.takenSteps : 0;
}

function noteTaken(exchange: RecordedExchange, side: 'bid' | 'ask', tick: number, more: number): void {
  exchange.taken.set(tick, { side, takenSteps: takenAt(exchange, side, tick) + more });
}
