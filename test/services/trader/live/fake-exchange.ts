import type { OrderFact } from '../../../../operators/ledger/ledger-event.ts';
import type { OrderRequest } from '../../../../operators/matching/order.ts';
import type { Exchange, Outcome } from '../../../../services/trader/live/exchange.ts';
import { createLiveOrders } from '../../../../services/trader/live/live-orders.ts';
import { createOrderDesk } from '../../../../services/trader/live/order-desk.ts';
import { createScale } from '../../../../streams/events/scale.ts';

export const SCALE = createScale('0.10', '0.001');
export const LOST: Outcome = { type: 'unknown', message: 'ECONNRESET' };
export const NO_SUCH: Outcome = { type: 'refused', code: -2013, message: 'Order does not exist.' };

export const answer = (body: object): Outcome => ({ type: 'answered', body });

export const REQUEST: OrderRequest = {
  orderId: 1,
  side: 'buy',
  type: 'LIMIT',
  timeInForce: 'GTC',
  priceTicks: 1_000,
  qtySteps: 10,
  isReduceOnly: false,
};

/** An order as `GET /fapi/v1/order` answers it. */
export function orderBody(price: string, origQty: string, updateTime: number, more: object = {}): object {
  return {
    clientOrderId: 'don-a-1',
    orderId: 7,
    status: 'NEW',
    executedQty: '0.000',
    price,
    origQty,
    updateTime,
    ...more,
  };
}

/** An exchange of which each request answers what the test says, and an order desk before it. */
export function deskAt(requests: Partial<Exchange>) {
  const asked: string[] = [];
  const told: { readonly orderId: number; readonly fact: OrderFact }[] = [];
  const abort = new AbortController();
  const orders = createLiveOrders();
  const exchange = new Proxy({ recvWindowMs: 0, nowMs: () => 0, ...requests } as Exchange, {
    get(target, name: keyof Exchange) {
      const found = target[name];
      if (typeof found !== 'function' || name === 'nowMs') return found;
      return (...args: unknown[]) => {
        asked.push([name, ...args.map((arg) => JSON.stringify(arg))].join(' '));
        return (found as (...args: unknown[]) => unknown)(...args);
      };
    },
  });
  const report = async (orderId: number, facts: readonly OrderFact[]): Promise<void> => {
    for (const fact of facts) {
      if (!orders.isNews(orderId, fact)) continue;
      told.push({ orderId, fact });
      orders.take(orderId, fact);
    }
  };
  const open = () =>
    createOrderDesk({
      exchange,
      orders,
      scale: SCALE,
      quoteAsset: 'USDT',
      report,
      log: () => {},
      signal: abort.signal,
    });
  return { orders, asked, told, report, open, facts: () => told.map(({ fact }) => fact) };
}
