import type { Log } from '../../../infra/service.ts';
import type { OrderFact } from '../../../operators/ledger/ledger-event.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import type { AccountFact } from './account-facts.ts';
import { readAlgoUpdate } from './algo-answers.ts';
import type { LiveOrders } from './live-orders.ts';
import { type OrderUpdate, readOrderUpdate } from './order-answers.ts';
import type { UserEvent } from './user-stream.ts';

export interface UserUpdatesOptions {
  readonly symbol: string;
  readonly instrument: string;
  /** Of the session's client order ids; an order's number follows. */
  readonly prefix: string;
  readonly quoteAsset: string;
  readonly scale: Scale;
  readonly orders: LiveOrders;
  readonly report: (orderId: number, facts: readonly OrderFact[]) => Promise<void>;
  readonly reportAccount: (fact: AccountFact) => Promise<void>;
  /** Asks anew what became of an order. */
  readonly resolve: (orderId: number) => Promise<void>;
  readonly background: (what: string, work: Promise<unknown>) => void;
  readonly log: Log;
}

/** Takes in what the user data stream says of orders. */
export interface UserUpdates {
  /** One after the other, in the order in which they were told. */
  take(event: UserEvent): void;
}

export function createUserUpdates(options: UserUpdatesOptions): UserUpdates {
  const { symbol, instrument, prefix, quoteAsset, scale, orders, report, reportAccount, resolve, log } = options;
  const inOrder = createQueue();
  /** Whose a fill is may have to be asked for, which must not hold up what is known. */
  const unknownInOrder = createQueue();

  /** Does one thing after the other; what fails is said, and holds up nothing. */
  function createQueue(): (work: () => Promise<void>) => void {
    let last: Promise<void> = Promise.resolve();
    return (work) => {
      const done = last.then(work);
      options.background('user data', done);
      last = done.catch(() => {});
    };
  }

  async function takeOrder(event: UserEvent): Promise<void> {
    const update = readOrderUpdate(event, scale, quoteAsset);
    if (update.symbol !== symbol) return;
    const orderId = numberOf(update.clientOrderId) ?? numberOfTriggered(update);
    if (orderId !== undefined) return takeOwn(orderId, update);
    // What else another program's orders do is nothing to ask for.
    if (update.fill !== null) unknownInOrder(() => takeUnknown(update));
  }

  async function takeOwn(orderId: number, update: OrderUpdate): Promise<void> {
    const { exchangeId, end, priceTicks, qtySteps, filledSteps, fill, timeMs } = update;
    if (orders.waiting.has(orderId)) await report(orderId, [{ type: 'triggered', timeMs, exchangeId, qtySteps }]);
    const order = orders.open.get(orderId);
    if (order === undefined) return;
    const knownSteps = order.filledSteps + (fill === null || order.tradeIds.has(fill.tradeId) ? 0 : fill.qtySteps);
    // A fill before this one was not told: the exchange is asked for all of them.
    if (knownSteps < filledSteps) return options.background('order', resolve(orderId));
    const facts: OrderFact[] = [
      { type: 'accepted', timeMs, exchangeId },
      { type: 'amended', timeMs, priceTicks, qtySteps },
    ];
    if (fill !== null) facts.push(fill);
    if (end !== null) facts.push({ type: 'ended', timeMs, end, code: 0 });
    await report(orderId, facts);
  }

  function numberOf(clientId: string): number | undefined {
    return clientId.startsWith(prefix) ? Number(clientId.slice(prefix.length)) : undefined;
  }

  /** Of what a conditional order became: it may have a name that is not ours. 0: it has ended. */
  function numberOfTriggered({ exchangeId }: OrderUpdate): number | undefined {
    if (!orders.hasBecome(exchangeId)) return undefined;
    for (const [orderId, order] of orders.open) if (order.exchangeId === exchangeId) return orderId;
    return 0;
  }

  async function takeUnknown(update: OrderUpdate): Promise<void> {
    if (!orders.hasBecome(update.exchangeId)) {
      const waiting = [...orders.waiting.values()].filter(({ request }) => request.side === update.side);
      await Promise.all(waiting.map(({ request }) => resolve(request.orderId)));
    }
    const orderId = numberOfTriggered(update);
    await (orderId === undefined ? takeForeign(update) : takeOwn(orderId, update));
  }

  /** Traded by the exchange (a liquidation), by a person, or by another program: the position is another one. */
  async function takeForeign({ fill, side }: OrderUpdate): Promise<void> {
    if (fill === null) return;
    log('warn', 'a fill that is not of this session', { side, qtySteps: fill.qtySteps });
    const { timeMs, tradeId, priceTicks, qtySteps, isMaker, feeE8 } = fill;
    const what = { instrument, orderId: '0', side, positionSide: 'BOTH', priceTicks, qtySteps, isMaker } as const;
    await reportAccount({
      id: `trade-${tradeId}`,
      event: { type: 'fill', timeMs, ...what, isReduceOnly: false, openedAtTicks: null, feeE8 },
    });
  }

  async function takeAlgo(event: UserEvent): Promise<void> {
    const { clientAlgoId, exchangeId, state, actualId, timeMs, reason, ...update } = readAlgoUpdate(event);
    const orderId = numberOf(clientAlgoId);
    if (update.symbol !== symbol || orderId === undefined) return;
    if (!orders.waiting.has(orderId)) return;
    await report(orderId, [{ type: 'accepted', timeMs, exchangeId }]);
    if (state === 'waits') return;
    if (state === 'triggered' || actualId !== null) return options.background('order', resolve(orderId));
    if (reason !== '') log('warn', `order ${orderId} ended: ${reason}`, { end: state });
    await report(orderId, [{ type: 'ended', timeMs, end: state, code: 0 }]);
  }

  return {
    take(event) {
      const work = event.e === 'ORDER_TRADE_UPDATE' ? takeOrder : event.e === 'ALGO_UPDATE' ? takeAlgo : undefined;
      if (work === undefined) return;
      inOrder(() => work(event));
    },
  };
}
