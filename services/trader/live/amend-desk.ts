import type { OrderFact } from '../../../operators/ledger/ledger-event.ts';
import type { AmendRequest } from '../../../operators/matching/order.ts';
import type { Exchange } from './exchange.ts';
import { hasTerms, type LiveOrders } from './live-orders.ts';
import { NO_SUCH_ORDER, type OrderInquiry } from './order-inquiry.ts';

export interface AmendDeskOptions {
  readonly exchange: Exchange;
  readonly orders: LiveOrders;
  readonly inquiry: OrderInquiry;
  readonly report: (orderId: number, facts: readonly OrderFact[]) => Promise<void>;
  readonly signal: AbortSignal;
  /** Whether an order is to be cancelled: it is changed no more. */
  readonly isCancelling: (orderId: number) => boolean;
}

/** Changes orders: of each order one change at a time, as what came of one that was lost is seen by what the order is. */
export interface AmendDesk {
  /** One that waits for another to be through is sent then; it is dropped where a third comes, or it waited too long. */
  amend(request: AmendRequest, decidedMs: number): Promise<void>;
  /** It is not sent after all. */
  drop(request: AmendRequest): Promise<void>;
  /** Finds out what came of changes that a trader which is gone may have sent. */
  settle(orderId: number): Promise<void>;
}

/** What was decided longer ago was decided on a market that has been. */
const LATE_MS = 2_000;

/** A change that waits for its turn. */
interface Next {
  readonly request: AmendRequest;
  readonly decidedMs: number;
}

/** @param options of which the orders are as they were left by the trader before */
export function createAmendDesk(options: AmendDeskOptions): AmendDesk {
  const { exchange, orders, inquiry, report, signal, isCancelling } = options;
  const begunMs = Date.now();
  const left = new Map([...orders.open].map(([orderId, { amends }]) => [orderId, [...amends]]));
  const turns = new Map<number, { next: Next | undefined }>();

  async function amend(request: AmendRequest, asDecidedMs: number): Promise<void> {
    const { orderId } = request;
    const next: Next = { request, decidedMs: asDecidedMs };
    const running = turns.get(orderId);
    if (running !== undefined) {
      const before = running.next;
      running.next = next;
      if (before !== undefined) await fail(before.request, 0);
      return;
    }
    const turn = { next: next as Next | undefined };
    turns.set(orderId, turn);
    try {
      while (turn.next !== undefined && !signal.aborted) {
        const { request: due, decidedMs } = turn.next;
        turn.next = undefined;
        if (Date.now() - decidedMs > LATE_MS || isCancelling(orderId)) await fail(due, 0);
        else await send(due);
      }
    } finally {
      turns.delete(orderId);
    }
  }

  async function send(request: AmendRequest): Promise<void> {
    const order = orders.open.get(request.orderId);
    if (order === undefined) return;
    const outcome = await exchange.amend(order.name, order.request.side, request);
    if (outcome.type === 'refused') {
      await fail(request, outcome.code);
      if (outcome.code === NO_SUCH_ORDER) await inquiry.resolve(request.orderId);
    } else if (!(await inquiry.take(order, outcome))) await learn(request, inquiry.arrivedMs(Date.now()));
    // It was answered, and is not what was asked for.
    else if (!hasTerms(order, request)) await fail(request, 0);
  }

  /** Until it is known whether the order was changed. @param arrivedMs from then on the change cannot arrive any more */
  async function learn(request: AmendRequest, arrivedMs: number): Promise<void> {
    const wait = inquiry.waits();
    for (;;) {
      const order = orders.open.get(request.orderId);
      if (order === undefined || signal.aborted) return;
      const askedMs = Date.now();
      const isKnown = await inquiry.ask(request.orderId);
      if (isKnown && hasTerms(order, request)) return;
      if (isKnown && askedMs > arrivedMs) return fail(request, 0);
      await wait();
    }
  }

  const fail = ({ orderId, priceTicks, qtySteps }: AmendRequest, code: number): Promise<void> =>
    report(orderId, [{ type: 'amendFailed', timeMs: exchange.nowMs(), priceTicks, qtySteps, code }]);

  return {
    amend,
    drop: (request) => fail(request, 0),
    async settle(orderId) {
      const requests = left.get(orderId) ?? [];
      for (const request of requests) await learn(request, inquiry.arrivedMs(begunMs));
      if (!signal.aborted) left.delete(orderId);
    },
  };
}
