import type { OrderFact } from '../../../operators/ledger/ledger-event.ts';
import { type ConditionalRequest, triggeredOrder } from '../../../operators/matching/conditional-order.ts';
import type { AmendRequest, OrderRequest } from '../../../operators/matching/order.ts';
import type { OrderName } from './order-params.ts';

/** An order of a live session that has not ended, as far as the exchange has said. */
export interface LiveOrder {
  readonly request: OrderRequest;
  readonly name: OrderName;
  /** The exchange's number; null: it has not said that it has the order. */
  exchangeId: string | null;
  /** As the exchange has it: a change may have made them others than those of the request. */
  priceTicks: number;
  qtySteps: number;
  /** When they were last so, on the exchange's clock: what is older says nothing of them. */
  termsMs: number;
  filledSteps: number;
  readonly tradeIds: Set<string>;
  /** Changes of which it is not known what came of them, oldest first. */
  readonly amends: AmendRequest[];
}

/** A conditional order that waits at the exchange for its price. */
export interface WaitingOrder {
  readonly request: ConditionalRequest;
  readonly clientAlgoId: string;
  /** The algo service's number; null: it has not said that it has the order. */
  exchangeId: string | null;
}

/** The orders of a live session that have not ended, by their numbers. */
export interface LiveOrders {
  readonly open: ReadonlyMap<number, LiveOrder>;
  /** Conditional ones that have not become orders; those that have are among `open`. */
  readonly waiting: ReadonlyMap<number, WaitingOrder>;
  /** Of both. */
  readonly size: number;
  add(request: OrderRequest, clientOrderId: string): void;
  addConditional(request: ConditionalRequest, clientAlgoId: string): void;
  addAmend(request: AmendRequest): void;
  /** Whether a conditional order has become the order of that number, which may have ended. */
  hasBecome(exchangeId: string): boolean;
  /** Whether it says something that is not known yet. What is said of an order that has ended is not. */
  isNews(orderId: number, fact: OrderFact): boolean;
  /** Takes in news. @returns whether nothing more comes of the order */
  take(orderId: number, fact: OrderFact): boolean;
}

type Terms = Pick<AmendRequest, 'priceTicks' | 'qtySteps'>;

/** Whether an order is, or is to become, what the other says. */
export function hasTerms(order: Terms, { priceTicks, qtySteps }: Terms): boolean {
  return order.priceTicks === priceTicks && order.qtySteps === qtySteps;
}

export function createLiveOrders(): LiveOrders {
  const open = new Map<number, LiveOrder>();
  const waiting = new Map<number, WaitingOrder>();
  const become = new Set<string>();

  function add(request: OrderRequest, name: OrderName, exchangeId: string | null, termsMs: number): void {
    const { orderId, priceTicks, qtySteps } = request;
    const terms = { priceTicks, qtySteps, termsMs };
    open.set(orderId, { request, name, exchangeId, ...terms, filledSteps: 0, tradeIds: new Set(), amends: [] });
  }

  function isNewsOfOpen(order: LiveOrder, fact: OrderFact): boolean {
    switch (fact.type) {
      case 'accepted':
        return order.exchangeId === null;
      case 'filled':
        return !order.tradeIds.has(fact.tradeId);
      case 'amended':
        return order.request.type === 'LIMIT' && fact.timeMs >= order.termsMs && !hasTerms(order, fact);
      case 'amendFailed':
        return order.amends.some((amend) => hasTerms(amend, fact));
      case 'triggered':
        return false;
      case 'ended':
        return true;
      default:
        return fact satisfies never;
    }
  }

  function takeOfOpen(order: LiveOrder, fact: OrderFact): void {
    if (fact.type === 'accepted') {
      order.exchangeId = fact.exchangeId;
      order.termsMs = fact.timeMs;
    } else if (fact.type === 'filled') {
      order.tradeIds.add(fact.tradeId);
      order.filledSteps += fact.qtySteps;
    } else if (fact.type === 'amended') {
      order.priceTicks = fact.priceTicks;
      order.qtySteps = fact.qtySteps;
      order.termsMs = fact.timeMs;
      removeAmend(order, fact);
    } else if (fact.type === 'amendFailed') removeAmend(order, fact);
  }

  return {
    open,
    waiting,
    get size() {
      return open.size + waiting.size;
    },
    add: (request, origClientOrderId) => add(request, { origClientOrderId }, null, 0),
    addConditional(request, clientAlgoId) {
      waiting.set(request.orderId, { request, clientAlgoId, exchangeId: null });
    },
    addAmend: (request) => void open.get(request.orderId)?.amends.push(request),
    hasBecome: (exchangeId) => become.has(exchangeId),
    isNews(orderId, fact) {
      const order = open.get(orderId);
      if (order !== undefined) return isNewsOfOpen(order, fact);
      const conditional = waiting.get(orderId);
      if (conditional === undefined) return false;
      return fact.type === 'accepted' ? conditional.exchangeId === null : WAITING_FACTS.has(fact.type);
    },
    take(orderId, fact) {
      const conditional = waiting.get(orderId);
      if (conditional !== undefined) {
        if (fact.type === 'accepted') conditional.exchangeId = fact.exchangeId;
        else waiting.delete(orderId);
        if (fact.type !== 'triggered') return fact.type === 'ended';
        const request = triggeredOrder(conditional.request, fact.qtySteps);
        become.add(fact.exchangeId);
        add({ ...request, qtySteps: fact.qtySteps }, { orderId: fact.exchangeId }, fact.exchangeId, fact.timeMs);
        return false;
      }
      const order = open.get(orderId)!;
      takeOfOpen(order, fact);
      const isOver = fact.type === 'ended' || order.filledSteps >= order.qtySteps;
      if (isOver) open.delete(orderId);
      return isOver;
    },
  };
}

/** What may come of a conditional order that waits. */
const WAITING_FACTS: ReadonlySet<OrderFact['type']> = new Set(['triggered', 'ended']);

function removeAmend({ amends }: LiveOrder, terms: Terms): void {
  const at = amends.findIndex((amend) => hasTerms(amend, terms));
  if (at >= 0) amends.splice(at, 1);
}
