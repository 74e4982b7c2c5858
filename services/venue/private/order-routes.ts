import { ApiError, invalidParameter, mandatoryParameter } from '../rest/api-error.ts';
import type { Countdowns } from './countdowns.ts';
import type { Listing, Listings } from './listing.ts';
import type { OrderDesk } from './order-desk.ts';
import { acknowledgedBody, orderBody } from './order-texts.ts';
import { readOrder } from './order-tickets.ts';
import { type PrivateRoute, plainRoute } from './private-route.ts';
import { refused } from './refusals.ts';
import { type RequestParams, requestParams } from './request-params.ts';
import { clientKey, type UserAccount, type VenueOrder } from './user-account.ts';

/** Orders of one `batchOrders` request. */
const BATCH_MAX = 5;

/** Placing, changing, cancelling and reading plain orders. */
export function orderRoutes(
  listings: Listings,
  desk: OrderDesk,
  countdowns: Countdowns,
  nowMs: () => number,
): [string, PrivateRoute][] {
  const listing = (symbol: string): Listing => listings.bySymbol.get(symbol) as Listing;
  const symbols = [...listings.bySymbol.keys()];

  const find = (account: UserAccount, params: RequestParams, code: number): VenueOrder => {
    const symbol = params.symbol(symbols);
    const orderId = params.integer('orderId');
    const clientOrderId = params.text('origClientOrderId');
    if (orderId === undefined && clientOrderId === undefined)
      throw new ApiError(400, -1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
    const order =
      orderId === undefined
        ? account.byClientId.get(clientKey(symbol, clientOrderId ?? ''))
        : account.orders.get(orderId);
    if (order === undefined || order.symbol !== symbol) throw refused(code);
    return order;
  };
  const findOpen = (account: UserAccount, params: RequestParams, code: number): VenueOrder => {
    const order = find(account, params, code);
    if (!account.open.has(order.orderId)) throw refused(code);
    return order;
  };

  const place = (account: UserAccount, params: RequestParams): unknown => {
    const ticket = readOrder(params, account, listings, nowMs());
    const isAck = params.word('newOrderRespType', ['ACK', 'RESULT'], -1130, 'ACK') === 'ACK';
    const order = desk.place(account, ticket);
    return acknowledgedBody(listing(order.symbol), order, isAck);
  };
  const amend = (account: UserAccount, params: RequestParams): unknown => {
    const order = findOpen(account, params, -2013);
    const its = listing(order.symbol);
    const side = params.word('side', ['BUY', 'SELL'], -1117);
    if (side.toLowerCase() !== order.side) throw invalidParameter('side');
    const qtySteps = params.steps('quantity', its);
    if (qtySteps === undefined) throw mandatoryParameter('quantity');
    const priceTicks = params.ticks('price', its);
    if (priceTicks === undefined) throw mandatoryParameter('price');
    desk.amend(account, order, priceTicks, qtySteps);
    return acknowledgedBody(its, order, false);
  };
  const cancel = (account: UserAccount, params: RequestParams): unknown => {
    const order = findOpen(account, params, -2011);
    desk.cancel(account, order);
    return acknowledgedBody(listing(order.symbol), order, false);
  };
  const openOf = (account: UserAccount, symbol: string | undefined): VenueOrder[] =>
    [...account.open.values()].filter((order) => symbol === undefined || order.symbol === symbol);

  return [
    ['POST /fapi/v1/order', orderRoute(place)],
    ['PUT /fapi/v1/order', orderRoute(amend)],
    ['POST /fapi/v1/batchOrders', batchRoute(place)],
    ['PUT /fapi/v1/batchOrders', batchRoute(amend)],
    [
      'POST /fapi/v1/order/test',
      plainRoute(1, (account, params) => {
        desk.check(account, readOrder(params, account, listings, nowMs()));
        return {};
      }),
    ],
    ['DELETE /fapi/v1/order', plainRoute(1, cancel)],
    ['DELETE /fapi/v1/batchOrders', plainRoute(1, (account, params) => cancelBatch(account, params, cancel))],
    [
      'DELETE /fapi/v1/allOpenOrders',
      plainRoute(1, (account, params) => {
        for (const order of openOf(account, params.symbol(symbols))) desk.cancel(account, order);
        return { code: 200, msg: 'The operation of cancel all open order is done.' };
      }),
    ],
    [
      'POST /fapi/v1/countdownCancelAll',
      plainRoute(10, (account, params) => {
        const symbol = params.symbol(symbols);
        const countdownTime = params.integer('countdownTime');
        if (countdownTime === undefined || countdownTime < 0) throw mandatoryParameter('countdownTime');
        countdowns.set(account, symbol, countdownTime);
        return { symbol, countdownTime: String(countdownTime) };
      }),
    ],
    [
      'GET /fapi/v1/order',
      plainRoute(1, (account, params) => {
        const order = find(account, params, -2013);
        return orderBody(listing(order.symbol), order);
      }),
    ],
    [
      'GET /fapi/v1/openOrder',
      plainRoute(1, (account, params) => {
        const order = findOpen(account, params, -2013);
        return orderBody(listing(order.symbol), order);
      }),
    ],
    [
      'GET /fapi/v1/openOrders',
      {
        ...plainRoute(1, (account, params) =>
          openOf(account, params.optionalSymbol(symbols)).map((order) => orderBody(listing(order.symbol), order)),
        ),
        weight: (params) => (params.text('symbol') === undefined ? 40 : 1),
      },
    ],
    [
      'GET /fapi/v1/allOrders',
      plainRoute(5, (account, params) => {
        const symbol = params.symbol(symbols);
        const limit = params.integer('limit') ?? 500;
        if (limit < 1 || limit > 1000) throw invalidParameter('limit');
        const fromId = params.integer('orderId');
        const [startMs, endMs] = [
          params.integer('startTime') ?? 0,
          params.integer('endTime') ?? Number.MAX_SAFE_INTEGER,
        ];
        const found = [...account.orders.values()].filter(
          (order) =>
            order.symbol === symbol &&
            order.orderId >= (fromId ?? 0) &&
            order.createdMs >= startMs &&
            order.createdMs <= endMs,
        );
        const page = fromId === undefined ? found.slice(-limit) : found.slice(0, limit);
        return page.map((order) => orderBody(listing(symbol), order));
      }),
    ],
  ];
}

function isReducing(params: RequestParams): boolean {
  return params.text('reduceOnly') === 'true' || params.text('closePosition') === 'true';
}

/** Weighs nothing of the address, but counts as an order. */
function orderRoute(answer: PrivateRoute['answer']): PrivateRoute {
  return {
    weight: () => 0,
    isSigned: true,
    orders: () => 1,
    mayBeThrottled: (params) => !isReducing(params),
    answer,
  };
}

/** Every order is done by itself: what is refused stands in the answer's place of it. */
function batchRoute(one: PrivateRoute['answer']): PrivateRoute {
  return {
    weight: () => 5,
    isSigned: true,
    orders: (params) => batchOf(params).length,
    mayBeThrottled: () => true,
    answer: (account, params) => batchOf(params).map((each) => eachAnswer(() => one(account, each))),
  };
}

function eachAnswer(answer: () => unknown): unknown {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, msg: error.message };
    throw error;
  }
}

/** @throws ApiError −1102 or −1130 where it is no list of 1 to 5 orders */
function batchOf(params: RequestParams): RequestParams[] {
  const orders = jsonList(params, 'batchOrders');
  if (orders.length < 1 || orders.length > BATCH_MAX) throw invalidParameter('batchOrders');
  return orders.map((order) => {
    if (typeof order !== 'object' || order === null) throw invalidParameter('batchOrders');
    const fields = order as Record<string, unknown>;
    return requestParams((name) => (fields[name] === undefined ? undefined : String(fields[name])));
  });
}

function cancelBatch(account: UserAccount, params: RequestParams, cancel: PrivateRoute['answer']): unknown {
  const isById = params.text('orderIdList') !== undefined;
  const ids = jsonList(params, isById ? 'orderIdList' : 'origClientOrderIdList');
  if (ids.length < 1 || ids.length > 10) throw invalidParameter('orderIdList');
  const name = isById ? 'orderId' : 'origClientOrderId';
  return ids.map((id) =>
    eachAnswer(() =>
      cancel(
        account,
        requestParams((asked) =>
          asked === name ? String(id) : asked === 'symbol' ? params.text('symbol') : undefined,
        ),
      ),
    ),
  );
}

function jsonList(params: RequestParams, name: string): readonly unknown[] {
  let found: unknown;
  try {
    found = JSON.parse(params.required(name));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw invalidParameter(name);
  }
  if (!Array.isArray(found)) throw invalidParameter(name);
  return found;
}
