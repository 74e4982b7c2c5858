import { ApiError, invalidParameter } from '../rest/api-error.ts';
import type { AlgoDesk } from './algo-desk.ts';
import type { AlgoOrder } from './algo-order.ts';
import type { Listing, Listings } from './listing.ts';
import { algoBody, queriedAlgoBody } from './order-texts.ts';
import { readAlgoOrder } from './order-tickets.ts';
import { type PrivateRoute, plainRoute } from './private-route.ts';
import { refused } from './refusals.ts';
import type { RequestParams } from './request-params.ts';
import type { UserAccount } from './user-account.ts';

/** The algo service, where conditional orders are since December 2025. */
export function algoRoutes(listings: Listings, desk: AlgoDesk, nowMs: () => number): [string, PrivateRoute][] {
  const symbols = [...listings.bySymbol.keys()];
  const listing = (symbol: string): Listing => listings.bySymbol.get(symbol) as Listing;
  const queried = (account: UserAccount, algo: AlgoOrder): unknown =>
    queriedAlgoBody(listing(algo.symbol), algo, account.orders.get(algo.actualOrderId));

  const find = (account: UserAccount, params: RequestParams, code: number): AlgoOrder => {
    const algoId = params.integer('algoId');
    const clientAlgoId = params.text('clientAlgoId');
    if (algoId === undefined && clientAlgoId === undefined)
      throw new ApiError(400, -1102, "Param 'clientAlgoId' or 'algoId' must be sent, but both were empty/null!");
    const algo =
      algoId === undefined
        ? [...account.algoOrders.values()].findLast((each) => each.clientAlgoId === clientAlgoId)
        : account.algoOrders.get(algoId);
    if (algo === undefined) throw refused(code);
    return algo;
  };
  const openOf = (account: UserAccount, symbol: string | undefined): AlgoOrder[] =>
    [...account.algoOrders.values()].filter(
      (algo) => algo.status === 'NEW' && (symbol === undefined || algo.symbol === symbol),
    );

  return [
    [
      'POST /fapi/v1/algoOrder',
      {
        ...plainRoute(0, (account, params) => {
          const algo = desk.place(account, readAlgoOrder(params, account, listings, nowMs()));
          return algoBody(listing(algo.symbol), algo);
        }),
        orders: () => 1,
        mayBeThrottled: (params) => params.text('reduceOnly') !== 'true' && params.text('closePosition') !== 'true',
      },
    ],
    [
      'DELETE /fapi/v1/algoOrder',
      plainRoute(1, (account, params) => {
        const algo = find(account, params, -2011);
        if (algo.status !== 'NEW') throw refused(-2011);
        desk.cancel(account, algo);
        return { algoId: algo.orderId, clientAlgoId: algo.clientAlgoId, code: '200', msg: 'success' };
      }),
    ],
    [
      'DELETE /fapi/v1/algoOpenOrders',
      plainRoute(1, (account, params) => {
        for (const algo of openOf(account, params.symbol(symbols))) desk.cancel(account, algo);
        return { code: 200, msg: 'The operation of cancel all open order is done.' };
      }),
    ],
    ['GET /fapi/v1/algoOrder', plainRoute(1, (account, params) => queried(account, find(account, params, -2013)))],
    [
      'GET /fapi/v1/openAlgoOrders',
      {
        ...plainRoute(1, (account, params) =>
          openOf(account, params.optionalSymbol(symbols)).map((algo) => queried(account, algo)),
        ),
        weight: (params) => (params.text('symbol') === undefined ? 40 : 1),
      },
    ],
    [
      'GET /fapi/v1/allAlgoOrders',
      plainRoute(5, (account, params) => {
        const symbol = params.symbol(symbols);
        const limit = params.integer('limit') ?? 500;
        if (limit < 1 || limit > 1000) throw invalidParameter('limit');
        const fromId = params.integer('algoId');
        const found = [...account.algoOrders.values()].filter(
          (algo) => algo.symbol === symbol && algo.orderId >= (fromId ?? 0),
        );
        const page = fromId === undefined ? found.slice(-limit) : found.slice(0, limit);
        return page.map((algo) => queried(account, algo));
      }),
    ],
  ];
}
