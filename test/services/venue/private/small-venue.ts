import type { MarketSource } from '../../../../services/venue/market-source.ts';
import { type MatchingListener, placeLimit } from '../../../../services/venue/model/matching/matching.ts';
import { bestLevel, emptyOrderBook, type Side } from '../../../../services/venue/model/matching/order-book.ts';
import { ownOrders } from '../../../../services/venue/model/own-orders.ts';
import { marketProfile } from '../../../../services/venue/model/profiles.ts';
import { type PrivateSide, privateSide } from '../../../../services/venue/private/private-side.ts';
import { requestParams } from '../../../../services/venue/private/request-params.ts';
import { ApiError } from '../../../../services/venue/rest/api-error.ts';
import type { MarkNow, TradingListener, TradingMarket } from '../../../../services/venue/trading-market.ts';
import type { UserEvent } from './trader.ts';

/** 2026-11-27T00:00:00Z: a funding time. */
export const START_MS = Date.UTC(2026, 10, 27);
type Answer = Record<string, never>;

/** The private side over a book of BTCUSDT in which nothing happens but what a test does. Prices in USDT, quantities in BTC. */
export interface SmallVenue {
  readonly side: PrivateSide;
  /** Everything that accounts were told, and whom. */
  readonly events: (UserEvent & { readonly account: string })[];
  /** Lets time pass. */
  readonly pass: (ms: number) => void;
  readonly others: (side: Side, price: number, qty: number) => void;
  readonly mark: (price: number) => void;
  readonly fund: (rate: number, price: number) => void;
  /** @throws ApiError */
  readonly ask: (request: string, params?: Record<string, unknown>, account?: string) => Answer;
  /** Code of the refusal; 0 where there is none. */
  readonly refusal: (request: string, params?: Record<string, unknown>, account?: string) => number;
  /** What of an order stands in the market. */
  readonly restingSteps: (orderId: number) => number;
  readonly depth: () => { readonly bid: number | undefined; readonly ask: number | undefined };
  readonly close: () => void;
}

/** With 100 BTC to buy at 80,000.00 and 100 to sell at 80,000.10, and accounts `demo` and `other` with 10,000 USDT each. */
export function smallVenue(): SmallVenue {
  const profile = marketProfile('BTCUSDT');
  const book = emptyOrderBook();
  let nowMs = START_MS;
  let bookId = 0;
  let tradeId = 0;
  let heard: TradingListener | undefined;
  let isTelling = false;
  const telling = (tell: () => void): void => {
    isTelling = true;
    tell();
    isTelling = false;
  };
  let marked: MarkNow = { markPriceE8: 80_000 * 1e8, timeMs: nowMs };
  let lastTicks: number | undefined;
  const listener: MatchingListener = {
    onFill: (maker, qtySteps, aggressor) => {
      const { priceTicks } = maker;
      lastTicks = priceTicks;
      own.filled(maker, qtySteps, {
        id: ++tradeId,
        timeMs: nowMs,
        priceTicks,
        qtySteps,
        isBuyerMaker: aggressor === 'ask',
      });
    },
    onLevel: () => {},
  };
  const own = ownOrders(
    'BTCUSDT',
    book,
    listener,
    () => ++bookId,
    () => heard,
  );
  /** By order id; an amended order has a new one. */
  const bookIds = new Map<number, number>();
  const others = (side: Side, price: number, qty: number): void => {
    const order = { id: ++bookId, side, priceTicks: Math.round(price * 10), qtySteps: Math.round(qty * 1000) };
    telling(() => void placeLimit(book, { ...order, timeInForce: 'GTC' }, listener));
    heard?.onTurn(nowMs);
  };
  const trading: TradingMarket = {
    begin: (target) => {
      heard = target;
    },
    catchUp: () => {
      if (isTelling) throw new Error('catchUp: must not be asked for while the market is heard');
      return nowMs;
    },
    mark: () => marked,
    lastTicks: () => lastTicks,
    bestTicks: (_symbol, side) => bestLevel(side === 'buy' ? book.bids : book.asks)?.priceTicks,
    offeredSteps: (order) => own.offeredSteps(order),
    place: (order) => {
      bookIds.set(order.orderId, bookId + 1);
      return own.place(order, nowMs);
    },
    cancel: (_symbol, orderId) => own.cancel(orderId),
    reduceTo: (_symbol, orderId, leftSteps) => own.reduceTo(orderId, leftSteps),
  };
  others('bid', 80_000, 100);
  others('ask', 80_000.1, 100);
  const events: (UserEvent & { account: string })[] = [];
  const names = new Map<string, string>();
  const side = privateSide({
    source: { instruments: [profile], nowMs: () => nowMs, trading } as unknown as MarketSource,
    accounts: [
      { name: 'demo', balanceE8: 10_000 * 1e8 },
      { name: 'other', balanceE8: 10_000 * 1e8 },
    ],
    listenKeyMs: 3_600_000,
    send: (listenKey, _event, payload) =>
      void events.push({ ...JSON.parse(payload), account: names.get(listenKey) ?? '' }),
    onClosed: () => {},
  });
  for (const account of side.accounts.values()) names.set(side.keys.obtain(account), account.name);
  const ask = (request: string, params: Record<string, unknown> = {}, name = 'demo'): Answer => {
    const account = [...side.accounts.values()].find((each) => each.name === name);
    const route = side.routes.get(request);
    if (route === undefined || account === undefined) throw new Error(`${request} of ${name}: expected a route`);
    const all: Record<string, unknown> = { symbol: 'BTCUSDT', ...params };
    const answer = route.answer(
      account,
      requestParams((each) => (all[each] === undefined ? null : String(all[each]))),
    );
    heard?.onTurn(nowMs);
    return JSON.parse(JSON.stringify(answer)) as Answer;
  };
  return {
    side,
    events,
    pass: (ms) => {
      nowMs += ms;
      heard?.onTurn(nowMs);
    },
    others,
    mark: (price) => {
      marked = { markPriceE8: Math.round(price * 1e8), timeMs: nowMs };
      telling(() => heard?.onMark('BTCUSDT', marked));
      heard?.onTurn(nowMs);
    },
    fund: (rate, price) =>
      telling(() => heard?.onFunding('BTCUSDT', Math.round(rate * 1e8), Math.round(price * 1e8), nowMs)),
    ask,
    refusal: (request, params, account) => {
      try {
        ask(request, params, account);
        return 0;
      } catch (error) {
        if (error instanceof ApiError) return error.code;
        throw error;
      }
    },
    restingSteps: (orderId) => book.orders.get(bookIds.get(orderId) ?? 0)?.qtySteps ?? 0,
    depth: () => ({ bid: bestLevel(book.bids)?.qtySteps, ask: bestLevel(book.asks)?.qtySteps }),
    close: side.close,
  };
}

/** What `ORDER_TRADE_UPDATE` told of an order: `TRADE FILLED`. */
export function told(events: readonly UserEvent[], clientOrderId: string): string[] {
  return events
    .filter(({ e, o }) => e === 'ORDER_TRADE_UPDATE' && o['c'] === clientOrderId)
    .map(({ o }) => `${o['x']} ${o['X']}`);
}
