import { z } from 'zod';
import { toE8 } from '../../../operators/account/money.ts';
import type { OrderFact } from '../../../operators/ledger/ledger-event.ts';
import type { OrderEnd } from '../../../operators/matching/order.ts';
import type { Grid, Scale } from '../../../streams/events/scale.ts';

/** An order as the exchange has it. */
export interface OrderAnswer {
  readonly clientOrderId: string;
  /** The exchange's own number; beyond 2^53 it is a text, so it always is. */
  readonly exchangeId: string;
  /** How it ended, with all that was filled of it; null: it is open. */
  readonly end: OrderEnd | null;
  /** 0 where it has none. */
  readonly priceTicks: number;
  /** Of the whole order. */
  readonly qtySteps: number;
  readonly filledSteps: number;
  /** When it was last so. */
  readonly timeMs: number;
}

/** A fill as the exchange tells it. */
export interface TradeAnswer {
  readonly exchangeId: string;
  readonly fact: OrderFact & { readonly type: 'filled' };
}

/** What the user data stream says of an order. */
export interface OrderUpdate extends OrderAnswer {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  /** A fill of it; null: there is none in this update. */
  readonly fill: TradeAnswer['fact'] | null;
}

const id = z.union([z.number(), z.string()]).transform(String);
const amount = z.string();
const ENDS: Readonly<Record<string, OrderEnd>> = {
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
  EXPIRED_IN_MATCH: 'EXPIRED_IN_MATCH',
  REJECTED: 'REJECTED',
  // It is over by its fills, but where the exchange has made it smaller: a reduce-only one, to what there is to close.
  FILLED: 'EXPIRED',
};

const orderBody = z.object({
  clientOrderId: z.string(),
  orderId: id,
  status: z.string(),
  price: amount,
  origQty: amount,
  executedQty: amount,
  updateTime: z.number(),
});

const tradeBody = z.object({
  id,
  orderId: id,
  price: amount,
  qty: amount,
  commission: amount,
  commissionAsset: z.string(),
  time: z.number(),
  maker: z.boolean(),
});

const updateBody = z.object({
  T: z.number(),
  o: z.object({
    s: z.string(),
    c: z.string(),
    S: z.enum(['BUY', 'SELL']),
    x: z.string(),
    X: z.string(),
    q: amount,
    p: amount,
    i: id,
    l: amount,
    z: amount,
    L: amount,
    n: amount.optional(),
    N: z.string().nullish(),
    t: id,
    m: z.boolean(),
  }),
});

/** @throws ZodError, RangeError where it is not what Binance documents */
export function readOrderAnswer(body: unknown, scale: Scale): OrderAnswer {
  const { clientOrderId, orderId, status, price, origQty, executedQty, updateTime } = orderBody.parse(body);
  return {
    clientOrderId,
    exchangeId: orderId,
    end: ENDS[status] ?? null,
    priceTicks: countOf('price', scale.price, price),
    qtySteps: countOf('origQty', scale.qty, origQty),
    filledSteps: countOf('executedQty', scale.qty, executedQty),
    timeMs: updateTime,
  };
}

/** @param quoteAsset in which the account is kept: a fee in another asset is reckoned by the account's tier */
export function readTradeAnswer(body: unknown, scale: Scale, quoteAsset: string): TradeAnswer {
  const { id: tradeId, orderId, price, qty, commission, commissionAsset, time, maker } = tradeBody.parse(body);
  return {
    exchangeId: orderId,
    fact: {
      type: 'filled',
      timeMs: time,
      tradeId,
      priceTicks: countOf('price', scale.price, price),
      qtySteps: countOf('qty', scale.qty, qty),
      feeE8: commissionAsset === quoteAsset ? toE8('commission', Number(commission)) : null,
      isMaker: maker,
    },
  };
}

/** An `ORDER_TRADE_UPDATE`. @throws ZodError, RangeError where it is not what Binance documents */
export function readOrderUpdate(event: unknown, scale: Scale, quoteAsset: string): OrderUpdate {
  const { T: timeMs, o } = updateBody.parse(event);
  const isFill = o.x === 'TRADE' || o.x === 'CALCULATED';
  const fill = {
    type: 'filled',
    timeMs,
    tradeId: o.t,
    priceTicks: isFill ? countOf('L', scale.price, o.L) : 0,
    qtySteps: countOf('l', scale.qty, o.l),
    feeE8: o.n === undefined || o.N === quoteAsset ? toE8('n', Number(o.n ?? 0)) : null,
    isMaker: o.m,
  } as const;
  return {
    symbol: o.s,
    clientOrderId: o.c,
    exchangeId: o.i,
    side: o.S === 'BUY' ? 'buy' : 'sell',
    end: ENDS[o.X] ?? null,
    priceTicks: countOf('p', scale.price, o.p),
    qtySteps: countOf('q', scale.qty, o.q),
    filledSteps: countOf('z', scale.qty, o.z),
    timeMs,
    fill: isFill && fill.qtySteps > 0 ? fill : null,
  };
}

function countOf(name: string, grid: Grid, text: string): number {
  const bytes = new TextEncoder().encode(text);
  const count = grid.read(bytes, 0, bytes.length);
  if (Number.isNaN(count)) throw new RangeError(`${name}: expected a multiple of ${grid.size}, found ${text}`);
  return count;
}
