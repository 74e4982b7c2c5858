import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../infra/service.ts';
import type { OrderFact } from '../../../operators/ledger/ledger-event.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import { createBackoff } from '../../recorder/backoff.ts';
import { type AlgoAnswer, readAlgoAnswer } from './algo-answers.ts';
import type { Exchange, Outcome } from './exchange.ts';
import type { LiveOrder, LiveOrders } from './live-orders.ts';
import { type OrderAnswer, readOrderAnswer, readTradeAnswer, type TradeAnswer } from './order-answers.ts';

export interface OrderInquiryOptions {
  readonly exchange: Exchange;
  readonly orders: LiveOrders;
  readonly scale: Scale;
  readonly quoteAsset: string;
  /** Takes in what is known of an order; what was known before is no news. */
  readonly report: (orderId: number, facts: readonly OrderFact[]) => Promise<void>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Finds out what became of orders, by answers of the exchange. */
export interface OrderInquiry {
  /** Notes that an order is on its way from now on; until it is known to have come. */
  sent(orderId: number): void;
  came(orderId: number): void;
  /** Whether the exchange may have had it: not one that the ledger is still taking. */
  isSent(orderId: number): boolean;
  /** When nothing that was sent then can arrive any more, ms since the epoch. */
  arrivedMs(sentMs: number): number;
  /** Asks once. @returns whether all is known that the exchange could say */
  ask(orderId: number): Promise<boolean>;
  /** Asks what became of an order until that is known. */
  resolve(orderId: number): Promise<void>;
  /** The same, with a question that is not under way yet. */
  resolveAnew(orderId: number): Promise<void>;
  /** Takes in the answer to a request about an order. @returns the same as `ask`; false where it is no answer */
  take(order: LiveOrder, outcome: Outcome): Promise<boolean>;
  /** Waits of one who tries again, each longer than the one before. */
  waits(): () => Promise<unknown>;
  orderIn(outcome: Outcome): OrderAnswer | undefined;
  algoIn(outcome: Outcome): AlgoAnswer | undefined;
}

/** Binance: the order does not exist. */
export const NO_SUCH_ORDER = -2013;
/** Many orders that are asked for at once must not use up what the exchange lets through. */
const RETRY = { firstMs: 250, maxMs: 2_000 };
/** A request that was sent cannot arrive later than its window; clocks may differ by so much. */
const CLOCK_MARGIN_MS = 1_000;

export function createOrderInquiry(options: OrderInquiryOptions): OrderInquiry {
  const { exchange, orders, scale, quoteAsset, report, log, signal } = options;
  const resolving = new Map<number, Promise<void>>();
  const begunMs = Date.now();
  /** What a trader before may have sent. */
  const left = new Set([...orders.open.keys(), ...orders.waiting.keys()]);
  const sentMs = new Map<number, number>();

  async function ask(orderId: number): Promise<boolean> {
    const waiting = orders.waiting.get(orderId);
    const asked = waiting ?? orders.open.get(orderId);
    if (asked === undefined) return true;
    const askedMs = Date.now();
    const outcome =
      'clientAlgoId' in asked ? await exchange.algoOrder(asked.clientAlgoId) : await exchange.order(asked.name);
    if (outcome.type === 'answered') return 'clientAlgoId' in asked ? takeAlgo(orderId, outcome) : take(asked, outcome);
    // One that it has had is not unknown for good; one on its way may still arrive until its window has run out.
    if (outcome.type === 'refused' && outcome.code === NO_SUCH_ORDER && asked.exchangeId === null) {
      if (askedMs <= arrivedMs(sentMs.get(orderId) ?? begunMs)) return false;
      await report(orderId, [{ type: 'ended', timeMs: exchange.nowMs(), end: 'REJECTED', code: outcome.code }]);
      return true;
    }
    log('warn', `order ${orderId} is asked for again: ${outcome.message}`);
    return false;
  }

  async function askUntilKnown(orderId: number): Promise<void> {
    const wait = waits();
    while (!signal.aborted && !(await ask(orderId))) await wait();
    sentMs.delete(orderId);
  }

  function isSent(orderId: number): boolean {
    const { exchangeId = null } = orders.waiting.get(orderId) ?? orders.open.get(orderId) ?? {};
    return exchangeId !== null || sentMs.has(orderId) || left.has(orderId);
  }

  async function resolve(orderId: number): Promise<void> {
    if (!isSent(orderId)) return;
    let done = resolving.get(orderId);
    if (done === undefined) {
      done = askUntilKnown(orderId).finally(() => resolving.delete(orderId));
      resolving.set(orderId, done);
    }
    return done;
  }

  async function take(order: LiveOrder, outcome: Outcome): Promise<boolean> {
    const answer = orderIn(outcome);
    if (answer === undefined) return false;
    const { orderId } = order.request;
    const { exchangeId, end, priceTicks, qtySteps, filledSteps, timeMs } = answer;
    const facts: OrderFact[] = [
      { type: 'accepted', timeMs, exchangeId },
      { type: 'amended', timeMs, priceTicks, qtySteps },
    ];
    let knownSteps = order.filledSteps;
    if (filledSteps > knownSteps) {
      const trades = tradesIn(await exchange.trades(exchangeId)).filter((trade) => trade.exchangeId === exchangeId);
      facts.push(...trades.map(({ fact }) => fact));
      knownSteps = trades.reduce((sum, { fact }) => sum + fact.qtySteps, 0);
    }
    const isWhole = knownSteps >= filledSteps;
    if (isWhole && end !== null) facts.push({ type: 'ended', timeMs, end, code: 0 });
    await report(orderId, facts);
    return isWhole;
  }

  async function takeAlgo(orderId: number, outcome: Outcome): Promise<boolean> {
    const answer = algoIn(outcome);
    if (answer === undefined) return false;
    const { exchangeId, state, actualId, timeMs } = answer;
    await report(orderId, [{ type: 'accepted', timeMs, exchangeId }]);
    if (actualId !== null) return takeTriggered(orderId, actualId);
    if (state === 'waits') return true;
    // Its order is not there yet.
    if (state === 'triggered') return false;
    await report(orderId, [{ type: 'ended', timeMs, end: state, code: 0 }]);
    return true;
  }

  /** How much it is of one that closes a position is for its order to say. */
  async function takeTriggered(orderId: number, actualId: string): Promise<boolean> {
    const outcome = await exchange.order({ orderId: actualId });
    const answer = orderIn(outcome);
    if (answer === undefined) return false;
    const { timeMs, qtySteps, exchangeId } = answer;
    await report(orderId, [{ type: 'triggered', timeMs, exchangeId, qtySteps }]);
    const order = orders.open.get(orderId);
    return order === undefined || take(order, outcome);
  }

  const orderIn = (outcome: Outcome): OrderAnswer | undefined =>
    readable(outcome, (body) => readOrderAnswer(body, scale));
  const algoIn = (outcome: Outcome): AlgoAnswer | undefined => readable(outcome, readAlgoAnswer);
  const tradesIn = (outcome: Outcome): TradeAnswer[] =>
    readable(outcome, (body) => (body as unknown[]).map((each) => readTradeAnswer(each, scale, quoteAsset))) ?? [];

  /** An answer that is none is asked for again, and said. */
  function readable<Result>(outcome: Outcome, read: (body: unknown) => Result): Result | undefined {
    if (outcome.type !== 'answered') return undefined;
    try {
      return read(outcome.body);
    } catch (error) {
      log('error', `an answer of the exchange cannot be read: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  const arrivedMs = (ms: number): number => ms + exchange.recvWindowMs + CLOCK_MARGIN_MS;

  function waits(): () => Promise<unknown> {
    const backoff = createBackoff(RETRY);
    return () => sleep(backoff.next(), undefined, { signal }).catch(() => {});
  }

  return {
    sent: (orderId) => void sentMs.set(orderId, Date.now()),
    came: (orderId) => void sentMs.delete(orderId),
    isSent,
    arrivedMs,
    ask,
    resolve,
    resolveAnew: (orderId) => (resolving.get(orderId) ?? Promise.resolve()).then(() => resolve(orderId)),
    take,
    waits,
    orderIn,
    algoIn,
  };
}
