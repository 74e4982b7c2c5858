import { USDMClient } from 'binance';
import { BadInput } from '../../../infra/setup-error.ts';
import type { ConditionalRequest } from '../../../operators/matching/conditional-order.ts';
import type { AmendRequest, OrderRequest, OrderSide } from '../../../operators/matching/order.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import { parseExact } from './exact-json.ts';
import type { LiveAccess } from './live-keys.ts';
import { NoAnswer } from './no-answer.ts';
import { algoParams, amendParams, type OrderName, orderParams, type Params } from './order-params.ts';

/** What came of a request. `unknown`: it may have been done; ask before it is sent again. */
export type Outcome =
  | { readonly type: 'answered'; readonly body: unknown }
  | { readonly type: 'refused'; readonly code: number; readonly message: string }
  | { readonly type: 'unknown'; readonly message: string };

/** The signed requests of one exchange account in one symbol, through the `binance` SDK. Nothing here throws. */
export interface Exchange {
  place(clientOrderId: string, order: OrderRequest): Promise<Outcome>;
  amend(name: OrderName, side: OrderSide, amend: AmendRequest): Promise<Outcome>;
  cancel(name: OrderName): Promise<Outcome>;
  order(name: OrderName): Promise<Outcome>;
  openOrders(): Promise<Outcome>;
  /** Conditional orders are the algo service's, under names of their own. */
  placeAlgo(clientAlgoId: string, order: ConditionalRequest): Promise<Outcome>;
  cancelAlgo(clientAlgoId: string): Promise<Outcome>;
  algoOrder(clientAlgoId: string): Promise<Outcome>;
  openAlgoOrders(): Promise<Outcome>;
  /** Conditional orders too. @returns the first of the two outcomes that is no answer, where there is one */
  cancelAll(): Promise<Outcome>;
  /** Fills of one order, by the exchange's number of it. */
  trades(exchangeId: string): Promise<Outcome>;
  account(): Promise<Outcome>;
  positions(): Promise<Outcome>;
  isHedged(): Promise<Outcome>;
  setLeverage(leverage: number): Promise<Outcome>;
  /** What changed the balance otherwise than by trading. */
  income(incomeType: 'FUNDING_FEE' | 'TRANSFER', startTime: number): Promise<Outcome>;
  fundingRates(startTime: number): Promise<Outcome>;
  /** Cancels every order but conditional ones once so long has passed without another call; 0: no more. */
  countdown(ms: number): Promise<Outcome>;
  /** The key of the user data stream, the same as long as it lives, which this makes an hour from now. */
  listenKey(): Promise<Outcome>;
  /** Follows the exchange's clock, by which requests are judged. */
  syncClock(): Promise<Outcome>;
  /** ms since the epoch on the exchange's clock. */
  nowMs(): number;
  /** A request that takes longer on its way is refused, so that none arrives later than this, ms. */
  readonly recvWindowMs: number;
  /** It was asked too much, and is left alone for as long as it said: what is asked meanwhile is refused here, −1003. */
  readonly isBlocked: boolean;
}

interface Response {
  readonly status?: number;
  readonly data?: unknown;
  readonly headers?: Readonly<Record<string, unknown>>;
}

export interface ExchangeOptions {
  readonly access: LiveAccess;
  readonly symbol: string;
  readonly scale: Scale;
  readonly timeoutMs?: number;
  readonly recvWindowMs?: number;
}

const TIMEOUT_MS = 3_000;
const RECV_WINDOW_MS = 3_000;
const BODY_BYTES_MAX = 8 * 1024 * 1024;
/** Binance's words for a 5xx after which nothing was done; after any other it may have been. */
const NOT_DONE = /Service Unavailable|Internal error; unable to process/i;
/** Nobody knows whether it was done. */
const UNKNOWN_CODES: ReadonlySet<number> = new Set([-1006, -1007]);
const TIMESTAMP_CODE = -1021;
const TOO_MANY_CODE = -1003;
/** Waits where 429 or 418 comes without Retry-After: a minute's window, and the shortest ban. */
const RATE_LIMITED_MS = 60_000;
const BANNED_MS = 120_000;

export function createExchange(options: ExchangeOptions): Exchange {
  const { access, symbol, scale, timeoutMs = TIMEOUT_MS, recvWindowMs = RECV_WINDOW_MS } = options;
  const { keys, restUrl, testnet } = access;
  const client = new USDMClient(
    {
      api_key: keys.apiKey,
      api_secret: keys.secret,
      recvWindow: recvWindowMs,
      ...(restUrl === undefined ? {} : { baseUrl: restUrl }),
      testnet,
      parseExceptions: false,
      disableTimeSync: true,
    },
    {
      timeout: timeoutMs,
      maxContentLength: BODY_BYTES_MAX,
      maxRedirects: 0,
      responseType: 'text',
      transformResponse: (body: unknown) => (typeof body === 'string' ? body : ''),
      ...(restUrl === undefined ? {} : { proxy: false as const }),
    },
  );

  let blockedUntilMs = 0;

  async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
    if (Date.now() < blockedUntilMs)
      return { type: 'refused', code: TOO_MANY_CODE, message: 'the exchange wants a rest' };
    try {
      return { type: 'answered', body: parseExact((await call()) as string) };
    } catch (error) {
      // What the SDK throws has the signed URL and the keys in it: nothing of it goes on but these words.
      const response = (error as { response?: Response } | undefined)?.response;
      if (response === undefined) return { type: 'unknown', message: wordsOf(error) };
      const outcome = refusalOf(response.status ?? 0, response.data);
      if (response.status === 429 || response.status === 418) block(response);
      if (outcome.type === 'refused' && outcome.code === TIMESTAMP_CODE) await syncClock();
      return outcome;
    }
  }

  const get = (path: string, params: Params = {}) => outcomeOf(() => client.getPrivate(`fapi/${path}`, { ...params }));
  const post = (path: string, params: Params = {}) =>
    outcomeOf(() => client.postPrivate(`fapi/${path}`, { ...params }));
  const put = (path: string, params: Params) => outcomeOf(() => client.putPrivate(`fapi/${path}`, { ...params }));
  const remove = (path: string, params: Params) => outcomeOf(() => client.deletePrivate(`fapi/${path}`, { ...params }));

  function block({ status, headers }: Response): void {
    const said = Number(headers?.['retry-after']) * 1_000;
    blockedUntilMs = Date.now() + (said > 0 ? said : status === 418 ? BANNED_MS : RATE_LIMITED_MS);
  }

  async function syncClock(): Promise<Outcome> {
    const sentMs = Date.now();
    const outcome = await outcomeOf(() => client.get('fapi/v1/time'));
    const { serverTime } = (outcome.type === 'answered' ? outcome.body : {}) as { serverTime?: unknown };
    // Half of the way there and back is over when it is answered.
    if (typeof serverTime === 'number')
      client.setTimeOffset(Math.round(serverTime + (Date.now() - sentMs) / 2 - Date.now()));
    return outcome;
  }

  return {
    recvWindowMs,
    get isBlocked() {
      return Date.now() < blockedUntilMs;
    },
    nowMs: () => Date.now() + (client.getTimeOffset() || 0),
    syncClock,
    place: (clientOrderId, order) => post('v1/order', { symbol, ...orderParams(scale, clientOrderId, order) }),
    amend: (name, side, amend) => put('v1/order', { symbol, ...amendParams(scale, name, side, amend) }),
    cancel: (name) => remove('v1/order', { symbol, ...name }),
    order: (name) => get('v1/order', { symbol, ...name }),
    openOrders: () => get('v1/openOrders', { symbol }),
    placeAlgo: (clientAlgoId, order) => post('v1/algoOrder', { symbol, ...algoParams(scale, clientAlgoId, order) }),
    cancelAlgo: (clientAlgoId) => remove('v1/algoOrder', { clientAlgoId }),
    algoOrder: (clientAlgoId) => get('v1/algoOrder', { clientAlgoId }),
    openAlgoOrders: () => get('v1/openAlgoOrders', { symbol }),
    async cancelAll() {
      const outcomes = await Promise.all([
        remove('v1/allOpenOrders', { symbol }),
        remove('v1/algoOpenOrders', { symbol }),
      ]);
      return outcomes.find(({ type }) => type !== 'answered') ?? outcomes[0];
    },
    trades: (exchangeId) => get('v1/userTrades', { symbol, orderId: exchangeId, limit: 1_000 }),
    account: () => get('v3/account'),
    positions: () => get('v3/positionRisk', { symbol }),
    isHedged: () => get('v1/positionSide/dual'),
    setLeverage: (leverage) => post('v1/leverage', { symbol, leverage }),
    income: (incomeType, startTime) => get('v1/income', { incomeType, startTime, limit: 1_000 }),
    fundingRates: (startTime) =>
      outcomeOf(() => client.get('fapi/v1/fundingRate', { symbol, startTime, limit: 1_000 })),
    listenKey: () => outcomeOf(() => client.getFuturesUserDataListenKey()),
    countdown: (countdownTime) => post('v1/countdownCancelAll', { symbol, countdownTime }),
  };
}

/** The answer's body. @throws BadInput with the exchange's own words where it refuses, NoAnswer where it was not reached in time */
export function answeredBody(what: string, outcome: Outcome): unknown {
  if (outcome.type === 'answered') return outcome.body;
  const { message } = outcome;
  if (outcome.type === 'unknown') throw new NoAnswer(`${what}: the exchange does not answer: ${message}`);
  const words = `${what}: the exchange answered ${outcome.code} ${message}`;
  // The request was too long on its way, or this clock is wrong, which was set by the exchange's after the refusal.
  throw outcome.code === TIMESTAMP_CODE ? new NoAnswer(words) : new BadInput(words);
}

function refusalOf(status: number, data: unknown): Outcome {
  let said: { code?: unknown; msg?: unknown };
  try {
    said = parseExact(String(data)) as typeof said;
  } catch {
    said = {};
  }
  const code = typeof said?.code === 'number' ? said.code : 0;
  const message = typeof said?.msg === 'string' ? said.msg : `HTTP ${status}`;
  const isThrottled = code === -1008;
  const isServers = status >= 500 && !isThrottled && !NOT_DONE.test(message);
  const isUnknown = UNKNOWN_CODES.has(code) || isServers || status === 408;
  return isUnknown ? { type: 'unknown', message } : { type: 'refused', code, message };
}

/** An axios error names its code, such as ECONNRESET; its message has no URL, but may in another version. */
function wordsOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'no answer that can be read';
}
