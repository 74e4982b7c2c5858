import type { SelfTradePrevention, TimeInForce } from '../../../operators/matching/order.ts';
import { invalidParameter, mandatoryParameter } from '../rest/api-error.ts';
import type { AlgoTicket } from './algo-desk.ts';
import type { Listing, Listings } from './listing.ts';
import { refused } from './refusals.ts';
import type { RequestParams } from './request-params.ts';
import type { OrderTicket, UserAccount } from './user-account.ts';

const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'];
const PREVENTIONS: readonly SelfTradePrevention[] = ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'NONE'];
const CONDITIONAL = ['STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET'] as const;
/** A client's own id of an order. */
const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
/** A GTD order lives at least so long. */
const GOOD_TILL_LEAST_MS = 600_000;

/** What every order says, plain or conditional. */
function common(params: RequestParams, account: UserAccount, listings: Listings, idName: string, nowMs: number) {
  const symbol = params.symbol(listings.bySymbol.keys());
  const side = params.word('side', ['BUY', 'SELL'], -1117) === 'BUY' ? ('buy' as const) : ('sell' as const);
  const positionSide = params.word('positionSide', ['BOTH', 'LONG', 'SHORT'], -4060, 'BOTH');
  if ((account.state.positionMode === 'hedge') === (positionSide === 'BOTH')) throw refused(-4061);
  const isReduceOnly = params.flag('reduceOnly');
  if (isReduceOnly && positionSide !== 'BOTH') throw refused(-1106, 'reduceonly');
  const clientId = params.text(idName);
  if (clientId !== undefined && !CLIENT_ID.test(clientId)) throw refused(-4015);
  const selfTrade = params.word('selfTradePreventionMode', PREVENTIONS, -1130, 'EXPIRE_MAKER');
  if ((params.text('priceMatch') ?? 'NONE') !== 'NONE') throw invalidParameter('priceMatch');
  return { symbol, side, positionSide, isReduceOnly, clientId, selfTrade, ...goodTill(params, nowMs) };
}

function goodTill(params: RequestParams, nowMs: number): { goodTillMs: number } {
  if (params.text('timeInForce') !== 'GTD') return { goodTillMs: 0 };
  const goodTillMs = params.integer('goodTillDate');
  if (goodTillMs === undefined) throw mandatoryParameter('goodTillDate');
  if (goodTillMs < nowMs + GOOD_TILL_LEAST_MS) throw refused(-5040);
  // Binance keeps whole seconds.
  return { goodTillMs: Math.floor(goodTillMs / 1000) * 1000 };
}

/** Reads `POST /fapi/v1/order`. @throws ApiError naming what is missing or wrong */
export function readOrder(params: RequestParams, account: UserAccount, listings: Listings, nowMs: number): OrderTicket {
  const { clientId, selfTrade, ...rest } = common(params, account, listings, 'newClientOrderId', nowMs);
  const listing = listings.bySymbol.get(rest.symbol) as Listing;
  const type = params.word('type', ['LIMIT', 'MARKET', ...CONDITIONAL], -1116);
  if (type !== 'LIMIT' && type !== 'MARKET') throw refused(-4120);
  const isLimit = type === 'LIMIT';
  if (isLimit) params.required('timeInForce');
  const timeInForce = isLimit ? params.word('timeInForce', TIMES_IN_FORCE, -1115) : 'GTC';
  const qtySteps = params.steps('quantity', listing);
  if (qtySteps === undefined) throw mandatoryParameter('quantity');
  const priceTicks = params.ticks('price', listing);
  if (isLimit && priceTicks === undefined) throw mandatoryParameter('price');
  if (!isLimit && priceTicks !== undefined) throw refused(-1106, 'price');
  return {
    ...rest,
    type,
    timeInForce,
    priceTicks: priceTicks ?? 0,
    qtySteps,
    isClosePosition: false,
    clientOrderId: clientId,
    selfTradePrevention: selfTrade,
    origType: type,
  };
}

/** Reads `POST /fapi/v1/algoOrder`. @throws ApiError naming what is missing or wrong */
export function readAlgoOrder(
  params: RequestParams,
  account: UserAccount,
  listings: Listings,
  nowMs: number,
): AlgoTicket {
  params.word('algoType', ['CONDITIONAL'], -1130);
  const { clientId, ...rest } = common(params, account, listings, 'clientAlgoId', nowMs);
  const listing = listings.bySymbol.get(rest.symbol) as Listing;
  const type = params.word('type', CONDITIONAL, -1116);
  const isTrailing = type === 'TRAILING_STOP_MARKET';
  const closesPosition = params.flag('closePosition');
  const triggerTicks = params.ticks(isTrailing ? 'activatePrice' : 'triggerPrice', listing);
  if (!isTrailing && triggerTicks === undefined) throw mandatoryParameter('triggerPrice');
  const qtySteps = params.steps('quantity', listing);
  if (!closesPosition && qtySteps === undefined) throw mandatoryParameter('quantity');
  const priceTicks = params.ticks('price', listing);
  if ((type === 'STOP' || type === 'TAKE_PROFIT') && priceTicks === undefined) throw mandatoryParameter('price');
  const timeInForce = params.word('timeInForce', TIMES_IN_FORCE, -1115, 'GTC');
  return {
    ...rest,
    type,
    triggerTicks: triggerTicks ?? Number.NaN,
    priceTicks: priceTicks ?? 0,
    timeInForce: timeInForce === 'GTD' ? 'GTC' : timeInForce,
    qtySteps: qtySteps ?? 0,
    callbackRate: isTrailing ? Number(params.required('callbackRate')) : 0,
    workingType: params.word('workingType', ['CONTRACT_PRICE', 'MARK_PRICE'], -1130, 'CONTRACT_PRICE'),
    closesPosition,
    isPriceProtected: params.flag('priceProtect'),
    clientAlgoId: clientId,
  };
}
