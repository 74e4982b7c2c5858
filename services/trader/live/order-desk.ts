import type { ConditionalRequest } from '../../../operators/matching/conditional-order.ts';
import type { AmendRequest, OrderRequest } from '../../../operators/matching/order.ts';
import { createAmendDesk } from './amend-desk.ts';
import type { Outcome } from './exchange.ts';
import { createOrderInquiry, NO_SUCH_ORDER, type OrderInquiry, type OrderInquiryOptions } from './order-inquiry.ts';

/** Sends orders, and finds out what became of them. */
export interface OrderDesk extends Pick<OrderInquiry, 'resolveAnew'> {
  /** Resolves once it is known whether the exchange has it. */
  place(request: OrderRequest, clientOrderId: string): Promise<void>;
  placeConditional(request: ConditionalRequest, clientAlgoId: string): Promise<void>;
  /** Changes an order, behind what was sent of it before. */
  amend(request: AmendRequest): Promise<void>;
  /** An order is not sent after all: it ends as one that the exchange does not know. */
  drop(orderId: number): Promise<void>;
  /** A change is not sent after all. */
  dropAmend(request: AmendRequest): Promise<void>;
  /** Cancels an order, once it is known to have come. */
  cancel(orderId: number): Promise<void>;
  /** Asks what became of an order, and of its changes, until that is known. */
  resolve(orderId: number): Promise<void>;
  /** Resolves once no order is on its way to the exchange. */
  allSent(): Promise<unknown>;
}

export function createOrderDesk(options: OrderInquiryOptions): OrderDesk {
  const { exchange, orders, report, log, signal } = options;
  const inquiry = createOrderInquiry(options);
  const cancelling = new Set<number>();
  const amends = createAmendDesk({
    exchange,
    orders,
    inquiry,
    report,
    signal,
    isCancelling: (orderId) => cancelling.has(orderId),
  });
  const onTheirWay = new Set<Promise<Outcome>>();
  /** Orders that are being placed or cancelled: what concerns them must not overtake that. */
  const underWay = new Map<number, Promise<void>>();

  function behind(orderId: number, work: () => Promise<void>): Promise<void> {
    const done = (underWay.get(orderId) ?? Promise.resolve()).then(work);
    done.catch((error: unknown) => log('error', `order ${orderId}: ${error instanceof Error ? error.message : error}`));
    return done;
  }

  function first(orderId: number, work: () => Promise<void>): Promise<void> {
    const done = behind(orderId, work);
    underWay.set(orderId, done);
    const forget = (): void => {
      if (underWay.get(orderId) === done) underWay.delete(orderId);
    };
    done.then(forget, forget);
    return done;
  }

  /** @param accepted reads from an answer that the exchange has it, and nothing more came of it yet */
  async function send(
    orderId: number,
    request: () => Promise<Outcome>,
    accepted: (outcome: Outcome) => { readonly timeMs: number; readonly exchangeId: string } | undefined,
  ): Promise<void> {
    inquiry.sent(orderId);
    const sending = request();
    onTheirWay.add(sending);
    const outcome = await sending;
    onTheirWay.delete(sending);
    inquiry.sent(orderId);
    if (outcome.type === 'refused') {
      await report(orderId, [{ type: 'ended', timeMs: exchange.nowMs(), end: 'REJECTED', code: outcome.code }]);
      return inquiry.came(orderId);
    }
    const found = accepted(outcome);
    if (found === undefined) return inquiry.resolve(orderId);
    await report(orderId, [{ type: 'accepted', timeMs: found.timeMs, exchangeId: found.exchangeId }]);
    inquiry.came(orderId);
  }

  /** The fills of an acknowledged order are told by the user data stream. */
  const place = (request: OrderRequest, clientOrderId: string): Promise<void> =>
    send(
      request.orderId,
      () => exchange.place(clientOrderId, request),
      (outcome) => {
        const answer = inquiry.orderIn(outcome);
        return answer?.end === null ? answer : undefined;
      },
    );

  const placeConditional = (request: ConditionalRequest, clientAlgoId: string): Promise<void> =>
    send(
      request.orderId,
      () => exchange.placeAlgo(clientAlgoId, request),
      (outcome) => {
        const answer = inquiry.algoIn(outcome);
        return answer?.state === 'waits' ? answer : undefined;
      },
    );

  /** Until it is there no more, whatever it has become meanwhile. */
  async function sendCancel(orderId: number): Promise<void> {
    const wait = inquiry.waits();
    while (!signal.aborted && inquiry.isSent(orderId)) {
      const waiting = orders.waiting.get(orderId);
      const order = orders.open.get(orderId);
      if (waiting === undefined && order === undefined) return;
      const outcome =
        waiting === undefined ? await exchange.cancel(order!.name) : await exchange.cancelAlgo(waiting.clientAlgoId);
      // The algo service does not answer what it has cancelled.
      if (order === undefined || !(await inquiry.take(order, outcome))) await inquiry.resolveAnew(orderId);
      if (orders.open.has(orderId) || orders.waiting.has(orderId)) await wait();
    }
  }

  return {
    place: (request, clientOrderId) => first(request.orderId, () => place(request, clientOrderId)),
    placeConditional: (request, clientAlgoId) => first(request.orderId, () => placeConditional(request, clientAlgoId)),
    amend(request) {
      const decidedMs = Date.now();
      return behind(request.orderId, () => amends.amend(request, decidedMs));
    },
    drop: (orderId) =>
      report(orderId, [{ type: 'ended', timeMs: exchange.nowMs(), end: 'REJECTED', code: NO_SUCH_ORDER }]),
    dropAmend: amends.drop,
    cancel(orderId) {
      cancelling.add(orderId);
      return first(orderId, () => sendCancel(orderId)).finally(() => cancelling.delete(orderId));
    },
    async resolve(orderId) {
      await inquiry.resolve(orderId);
      await amends.settle(orderId);
    },
    resolveAnew: inquiry.resolveAnew,
    allSent: () => Promise.all(onTheirWay),
  };
}
