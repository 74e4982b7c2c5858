import type { Recorded, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import type { SimulationListener } from '../../pipelines/simulation/simulation-listener.ts';

/** What is heard of a session's orders. */
export type OrderEvents = Required<
  Pick<
    SimulationListener,
    | 'onSend'
    | 'onConditionalSent'
    | 'onTriggered'
    | 'onAmendSent'
    | 'onCancelSent'
    | 'onStopped'
    | 'onEnd'
    | 'onDecision'
  >
>;

/** A strategy that only watches, or is paused, is told nothing new by its being stopped. */
const SILENT: ReadonlySet<string> = new Set(['warm-up', 'paused']);

/** Turns what is heard of a session's orders into events of its ledger. */
export function createOrderEvents(session: string, tell: (event: TraderEvent) => void): OrderEvents {
  /** By which limit an order of a side was stopped, since one of that side passed. */
  const lastStopped = new Map<string, string>();

  return {
    onSend(order, _, timeUs) {
      const name = clientOrderId(session, order.orderId);
      lastStopped.delete(order.side);
      tell({ type: 'orderIntended', timeUs, clientOrderId: name, order: recorded(order) });
    },
    onConditionalSent(order, timeUs) {
      const name = clientOrderId(session, order.orderId);
      tell({ type: 'conditionalIntended', timeUs, clientOrderId: name, order: recorded(order) });
    },
    onTriggered: (order, _, timeUs) => tell({ type: 'orderTriggered', timeUs, order: recorded(order) }),
    onAmendSent: (order, timeUs) => tell({ type: 'amendIntended', timeUs, order }),
    onCancelSent: (orderId, timeUs) => tell({ type: 'cancelIntended', timeUs, orderId }),
    onStopped(order, by, timeUs) {
      // One that goes on asking for what it does not get tells nothing new either.
      const isNew = !SILENT.has(by) && by !== lastStopped.get(order.side);
      lastStopped.set(order.side, by);
      if (isNew) tell({ type: 'orderStopped', timeUs, by, order: recorded(order) });
    },
    onDecision: (decision, timeUs, entryId) => tell({ type: 'decided', timeUs, entryId, ...decision }),
    onEnd: (orderId, end, code, timeUs) => tell({ type: 'orderClosed', timeUs, orderId, end, code }),
  };
}

/** At most 36 characters, as the exchange wants them: the same whenever the session is run again. */
export function clientOrderId(session: string, orderId: number): string {
  return `don-${session}-${orderId}`;
}

/** As JSON has it. */
function recorded<Of extends object>(order: Of): Recorded<Of> {
  const pairs = Object.entries(order).map(([name, value]) => [name, Number.isNaN(value) ? null : value]);
  return Object.fromEntries(pairs) as Recorded<Of>;
}
