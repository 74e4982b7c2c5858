import { ApiError, invalidParameter } from '../rest/api-error.ts';
import { amountText } from './amounts.ts';
import type { Listing, Listings } from './listing.ts';
import { amendmentBody, tradeBody } from './order-texts.ts';
import { type PrivateRoute, plainRoute } from './private-route.ts';
import type { RequestParams } from './request-params.ts';
import type { Income, IncomeType } from './user-account.ts';

const INCOME_TYPES: readonly IncomeType[] = [
  'TRANSFER',
  'REALIZED_PNL',
  'COMMISSION',
  'FUNDING_FEE',
  'INSURANCE_CLEAR',
];
/** The longest span that trades are asked for at once. */
const TRADES_SPAN_MS = 7 * 86_400_000;

/** What an account has done and earned. */
export function historyRoutes(listings: Listings): [string, PrivateRoute][] {
  const symbols = [...listings.bySymbol.keys()];
  return [
    [
      'GET /fapi/v1/userTrades',
      plainRoute(5, ({ trades }, params) => {
        const symbol = params.symbol(symbols);
        const limit = pageLimit(params, 500);
        const orderId = params.integer('orderId');
        const fromId = params.integer('fromId');
        const span = spanOf(params);
        if (span.endMs - span.startMs > TRADES_SPAN_MS && span.isSaid)
          throw new ApiError(400, -4166, 'Search window is restricted to recent 7 days only.');
        const found = trades.filter(
          (trade) =>
            trade.symbol === symbol &&
            (orderId === undefined || trade.orderId === orderId) &&
            (fromId === undefined || trade.id >= fromId) &&
            trade.timeMs >= span.startMs &&
            trade.timeMs <= span.endMs,
        );
        const isFromStart = fromId !== undefined || params.text('startTime') !== undefined;
        const page = isFromStart ? found.slice(0, limit) : found.slice(-limit);
        return page.map((trade) => tradeBody(listings.bySymbol.get(symbol) as Listing, trade));
      }),
    ],
    [
      'GET /fapi/v1/orderAmendment',
      plainRoute(1, ({ amendments }, params) => {
        const symbol = params.symbol(symbols);
        const limit = pageLimit(params, 50);
        const orderId = params.integer('orderId');
        const clientOrderId = params.text('origClientOrderId');
        const { startMs, endMs } = spanOf(params);
        const found = amendments.filter(
          ({ order, timeMs }) =>
            order.symbol === symbol &&
            (orderId === undefined || order.orderId === orderId) &&
            (clientOrderId === undefined || order.clientOrderId === clientOrderId) &&
            timeMs >= startMs &&
            timeMs <= endMs,
        );
        // Newest first.
        const page = found.slice(-limit).reverse();
        return page.map((amendment) => amendmentBody(listings.bySymbol.get(symbol) as Listing, amendment));
      }),
    ],
    [
      'GET /fapi/v1/income',
      plainRoute(30, ({ income }, params) => {
        const symbol = params.optionalSymbol(symbols);
        const type = params.text('incomeType');
        if (type !== undefined && !INCOME_TYPES.some((each) => each === type)) throw invalidParameter('incomeType');
        const limit = pageLimit(params, 100);
        const page = params.integer('page') ?? 1;
        const { startMs, endMs } = spanOf(params);
        const found = income.filter(
          (each) =>
            (symbol === undefined || each.symbol === symbol) &&
            (type === undefined || each.type === type) &&
            each.timeMs >= startMs &&
            each.timeMs <= endMs,
        );
        const isFromStart = params.text('startTime') !== undefined || params.text('page') !== undefined;
        const from = (page - 1) * limit;
        return (isFromStart ? found.slice(from, from + limit) : found.slice(-limit)).map(incomeBody);
      }),
    ],
  ];
}

function incomeBody({ symbol, type, amountE8, info, tranId, tradeId, timeMs }: Income): unknown {
  return { symbol, incomeType: type, income: amountText(amountE8), asset: 'USDT', time: timeMs, info, tranId, tradeId };
}

function pageLimit(params: RequestParams, ordinary: number): number {
  const limit = params.integer('limit') ?? ordinary;
  if (limit < 1 || limit > 1000) throw invalidParameter('limit');
  return limit;
}

/** Both ends in ms, inclusive; `isSaid` where both were sent. @throws ApiError −1023 */
function spanOf(params: RequestParams): { startMs: number; endMs: number; isSaid: boolean } {
  const startMs = params.integer('startTime');
  const endMs = params.integer('endTime');
  if (startMs !== undefined && endMs !== undefined && startMs > endMs)
    throw new ApiError(400, -1023, 'Start time is greater than end time.');
  return {
    startMs: startMs ?? 0,
    endMs: endMs ?? Number.MAX_SAFE_INTEGER,
    isSaid: startMs !== undefined && endMs !== undefined,
  };
}
