import { USDMClient } from 'binance';
import { isJson } from './frame.ts';
import type { WeightBudget } from './weight-budget.ts';

/** Why a REST call gave no answer; every reason but `refused` may pass by itself. */
export type RestFailure = 'blocked' | 'rate-limited' | 'banned' | 'unavailable' | 'timeout' | 'not-json' | 'refused';

/** A REST call that gave no usable answer. */
export class RestError extends Error {
  readonly failure: RestFailure;
  /** How long to wait before another call, ms; 0: the venue did not say. */
  readonly retryAfterMs: number;

  constructor(failure: RestFailure, message: string, retryAfterMs = 0) {
    super(message);
    this.name = 'RestError';
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The venue's public REST answers, as the exact text of their bodies. */
export interface Rest {
  /**
   * @param path as in the venue's documents, without a leading slash: `fapi/v1/depth`
   * @param weight what the call costs of the budget
   * @throws RestError
   */
  get(path: string, params: Readonly<Record<string, string | number>>, weight: number): Promise<string>;
}

export interface RestOptions {
  /** Undefined: Binance's own address. */
  readonly baseUrl: string | undefined;
  readonly testnet: boolean;
  readonly budget: WeightBudget;
  readonly timeoutMs: number;
  /** Each answer's status, for counting; 0: none came. */
  readonly onAnswer?: (status: number) => void;
}

/** What `transformResponse` makes of a body: the text before anything parses it, and what came with it. */
interface RawAnswer {
  readonly text: string;
  readonly usedWeight: number;
  readonly retryAfterS: number;
}

/** Waits where the venue sends 429 or 418 without Retry-After: a minute's window, and the shortest ban. */
const RATE_LIMITED_MS = 60_000;
const BANNED_MS = 120_000;
/** exchangeInfo of all symbols is about 1 MB, 1000 aggTrades 150 kB. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/**
 * REST through the `binance` SDK. Its axios options hand over the unparsed body: `transformResponse` replaces the parser,
 * so that the log gets the venue's own bytes and 64-bit ids are not rounded.
 */
export function createRest({ baseUrl, testnet, budget, timeoutMs, onAnswer }: RestOptions): Rest {
  const isLoopback = baseUrl !== undefined && /^https?:\/\/(127\.|localhost|\[::1\])/.test(baseUrl);
  const client = new USDMClient(
    { ...(baseUrl === undefined ? {} : { baseUrl }), testnet, parseExceptions: false, disableTimeSync: true },
    {
      timeout: timeoutMs,
      maxContentLength: BODY_BYTES_MAX,
      maxRedirects: 0,
      responseType: 'text',
      transformResponse: (body: unknown, headers?: unknown): RawAnswer => ({
        text: typeof body === 'string' ? body : '',
        usedWeight: headerNumber(headers, 'x-mbx-used-weight-1m'),
        retryAfterS: headerNumber(headers, 'retry-after'),
      }),
      ...(isLoopback ? { proxy: false as const } : {}),
    },
  );

  function failureOf(status: number, answer: RawAnswer | undefined, path: string): RestError {
    const text = answer?.text.slice(0, 120).replaceAll(/\s+/g, ' ') ?? '';
    const waitMs = (answer?.retryAfterS ?? Number.NaN) * 1_000;
    if (status === 418 || status === 429) {
      const fallbackMs = status === 418 ? BANNED_MS : RATE_LIMITED_MS;
      const retryAfterMs = Number.isFinite(waitMs) && waitMs > 0 ? waitMs : fallbackMs;
      budget.block(retryAfterMs);
      const failure = status === 418 ? 'banned' : 'rate-limited';
      return new RestError(failure, `${path}: ${status}, no REST call for ${retryAfterMs / 1_000} s`, retryAfterMs);
    }
    const isTransient = status >= 500 || status === 408;
    return new RestError(isTransient ? 'unavailable' : 'refused', `${path}: expected 200, found ${status} ${text}`);
  }

  return {
    async get(path, params, weight) {
      const waitMs = budget.take(weight);
      if (waitMs > 0) throw new RestError('blocked', `${path}: the weight budget is spent`, waitMs);
      let answer: RawAnswer;
      try {
        answer = (await withDeadline(client.get(path, params), timeoutMs, path)) as RawAnswer;
        onAnswer?.(200);
      } catch (error) {
        if (error instanceof RestError) {
          onAnswer?.(0);
          throw error;
        }
        const response = responseOf(error);
        onAnswer?.(response?.status ?? 0);
        if (response === undefined)
          throw new RestError(isTimeout(error) ? 'timeout' : 'unavailable', `${path}: ${error}`);
        if (Number.isFinite(response.answer?.usedWeight)) budget.report(response.answer!.usedWeight);
        throw failureOf(response.status, response.answer, path);
      }
      if (Number.isFinite(answer.usedWeight)) budget.report(answer.usedWeight);
      if (!isJson(answer.text))
        throw new RestError(
          'not-json',
          `${path}: expected JSON, found ${answer.text.slice(0, 60).replaceAll(/\s+/g, ' ')}`,
        );
      return answer.text;
    },
  };
}

/** axios' own timeout restarts with each byte that arrives; this one does not. */
async function withDeadline<T>(call: Promise<T>, timeoutMs: number, path: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RestError('timeout', `${path}: no answer in ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([call, deadline]);
  } finally {
    clearTimeout(timer);
    call.catch(() => undefined);
  }
}

function responseOf(error: unknown): { status: number; answer: RawAnswer | undefined } | undefined {
  const response = (error as { response?: { status?: unknown; data?: unknown } } | undefined)?.response;
  if (typeof response?.status !== 'number') return undefined;
  const data = response.data;
  const isRaw = typeof data === 'object' && data !== null && 'text' in data;
  return { status: response.status, answer: isRaw ? (data as RawAnswer) : undefined };
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ECONNABORTED';
}

function headerNumber(headers: unknown, name: string): number {
  const value = (headers as Readonly<Record<string, unknown>> | undefined)?.[name];
  return value === undefined || value === null ? Number.NaN : Number(value);
}
