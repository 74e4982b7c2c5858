import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../../infra/service.ts';
import type { OrderFact } from '../../../operators/ledger/ledger-event.ts';
import type { OrderRequest } from '../../../operators/matching/order.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import type { Exchange, Outcome } from './exchange.ts';
import type { LiveOrder, LiveOrders } from './live-orders.ts';
import { type OrderAnswer, readOrderAnswer, readTradeAnswer, type TradeAnswer } from './order-answers.ts';

export interface OrderDeskOptions {
  readonly exchange: Exchange;
  readonly orders: LiveOrders;
  readonly scale: Scale;
  readonly quoteAsset: string;
  /** Takes in what is known of an order; what was known before is no news. */
  readonly report: (orderId: number, facts: readonly OrderFact[]) => Promise<void>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Sends orders, and finds out what became of them. */
export interface OrderDesk {
  /** Resolves once it is known whether the exchange has it. */
  place(request: OrderRequest, clientOrderId: string): Promise<void>;
  /** Cancels an order, behind what was sent of it before. */
  cancel(orderId: number): Promise<void>;
  /** Asks what became of an order until that is known. */
  resolve(orderId: number): Promise<void>;
}

/** Binance: the order does not exist. */
const NO_SUCH_ORDER = -2013;
const RETRY_MS = 250;
/** A request that was sent cannot arrive later than its window; clocks may differ by so much. */
const CLOCK_MARGIN_MS = 1_000;

export function createOrderDesk({
  exchange,
  orders,
  scale,
  quoteAsset,
  report,
  log,
  signal,
}: OrderDeskOptions): OrderDesk {
  /** What is under way of an order: a cancellation must not overtake it. */
  const underWay = new Map<number, Promise<void>>();
  const resolving = new Map<number, Promise<void>>();
  const begunMs = Date.now();
  const sentMs = new Map<number, number>();

  function behind(orderId: number, work: () => Promise<void>): Promise<void> {
    const done = (underWay.get(orderId) ?? Promise.resolve()).then(work);
    underWay.set(orderId, done);
    done
      .catch((error: unknown) => log('error', `order ${orderId}: ${error instanceof Error ? error.message : error}`))
      .finally(() => {
        if (underWay.get(orderId) === done) underWay.delete(orderId);
        if (!orders.open.has(orderId)) sentMs.delete(orderId);
      });
    return done;
  }

  async function send(request: OrderRequest, clientOrderId: string): Promise<void> {
    const { orderId } = request;
    sentMs.set(orderId, Date.now());
    const outcome = await exchange.place(clientOrderId, request);
    sentMs.set(orderId, Date.now());
    if (outcome.type === 'refused') {
      await report(orderId, [{ type: 'ended', timeMs: exchange.nowMs(), end: 'REJECTED', code: outcome.code }]);
      return;
    }
    const answer = orderIn(outcome);
    // The fills of an acknowledged order are told by the user data stream.
    if (answer === undefined || answer.end !== null) return resolve(orderId);
    await report(orderId, [{ type: 'accepted', timeMs: answer.timeMs, exchangeId: answer.exchangeId }]);
  }

  /** Until it is there no more. */
  async function sendCancel(orderId: number): Promise<void> {
    for (
      let order = orders.open.get(orderId);
      order !== undefined && !signal.aborted;
      order = orders.open.get(orderId)
    ) {
      const answer = orderIn(await exchange.cancel(order.clientOrderId));
      if (answer !== undefined) await accountFor(order, answer);
      else await resolve(orderId);
      if (orders.open.has(orderId)) await wait(RETRY_MS);
    }
  }

  function resolve(orderId: number): Promise<void> {
    let done = resolving.get(orderId);
    if (done === undefined) {
      done = ask(orderId).finally(() => resolving.delete(orderId));
      resolving.set(orderId, done);
    }
    return done;
  }

  async function ask(orderId: number): Promise<void> {
    for (;;) {
      const order = orders.open.get(orderId);
      if (order === undefined || signal.aborted) return;
      const askedMs = Date.now();
      const outcome = await exchange.order(order.clientOrderId);
      const answer = orderIn(outcome);
      if (answer !== undefined) {
        if (await accountFor(order, answer)) return;
      } else if (outcome.type === 'refused' && outcome.code === NO_SUCH_ORDER) {
        // One that it has had is not unknown for good; one on its way may still arrive until its window has run out.
        const lastMs = (sentMs.get(orderId) ?? begunMs) + exchange.recvWindowMs + CLOCK_MARGIN_MS;
        if (order.exchangeId === null && askedMs > lastMs) {
          const { code } = outcome;
          return report(orderId, [{ type: 'ended', timeMs: exchange.nowMs(), end: 'REJECTED', code }]);
        }
      } else
        log(
          'warn',
          `order ${orderId} is asked for again: ${outcome.type === 'answered' ? 'unreadable' : outcome.message}`,
        );
      await wait(RETRY_MS);
    }
  }

  /** @returns whether all that the answer says is known, fills included */
  async function accountFor(order: LiveOrder, answer: OrderAnswer): Promise<boolean> {
    const { orderId, qtySteps } = order.request;
    const { exchangeId, end, filledSteps, timeMs } = answer;
    const facts: OrderFact[] = [{ type: 'accepted', timeMs, exchangeId }];
    let knownSteps = order.filledSteps;
    if (filledSteps > knownSteps) {
      const trades = tradesIn(await exchange.trades(exchangeId)).filter((trade) => trade.exchangeId === exchangeId);
      facts.push(...trades.map(({ fact }) => fact));
      knownSteps = trades.reduce((sum, { fact }) => sum + fact.qtySteps, 0);
    }
    const isWhole = knownSteps >= filledSteps;
    if (isWhole && end !== null && filledSteps < qtySteps) facts.push({ type: 'ended', timeMs, end, code: 0 });
    await report(orderId, facts);
    return isWhole;
  }

  function orderIn(outcome: Outcome): OrderAnswer | undefined {
    return outcome.type === 'answered' ? readable(() => readOrderAnswer(outcome.body, scale)) : undefined;
  }

  function tradesIn(outcome: Outcome): TradeAnswer[] {
    if (outcome.type !== 'answered') return [];
    return readable(() => (outcome.body as unknown[]).map((body) => readTradeAnswer(body, scale, quoteAsset))) ?? [];
  }

  /** An answer that is none is asked for again, and said. */
  function readable<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      log('error', `an answer of the exchange cannot be read: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  const wait = (ms: number): Promise<unknown> => sleep(ms, undefined, { signal }).catch(() => {});

  return {
    place: (request, clientOrderId) => behind(request.orderId, () => send(request, clientOrderId)),
    cancel: (orderId) => behind(orderId, () => sendCancel(orderId)),
    resolve,
  };
}
