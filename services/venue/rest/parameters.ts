import { KLINE_INTERVALS_MS } from '../kline-intervals.ts';
import { ApiError, invalidParameter, mandatoryParameter } from './api-error.ts';

/** Limits that `GET /fapi/v1/depth` takes; any other is refused. */
export const DEPTH_LIMITS: readonly number[] = [5, 10, 20, 50, 100, 500, 1000];

/** @throws ApiError -1102 when it is missing, -1121 when the venue does not list it. */
export function requiredSymbol(query: URLSearchParams, symbols: readonly string[]): string {
  const symbol = query.get('symbol');
  if (symbol === null || symbol === '') throw mandatoryParameter('symbol');
  return listedSymbol(symbol, symbols);
}

/** Undefined when it was not sent. */
export function optionalSymbol(query: URLSearchParams, symbols: readonly string[]): string | undefined {
  const symbol = query.get('symbol');
  return symbol === null || symbol === '' ? undefined : listedSymbol(symbol, symbols);
}

/** The symbol itself. @throws ApiError -1121 */
export function listedSymbol(symbol: string, symbols: Iterable<string>): string {
  if (![...symbols].includes(symbol)) throw new ApiError(400, -1121, 'Invalid symbol.');
  return symbol;
}

export function depthLimit(query: URLSearchParams): number {
  const limit = integer(query, 'limit') ?? 500;
  if (!DEPTH_LIMITS.includes(limit)) throw new ApiError(400, -4021, `${limit} is not valid depth limit.`);
  return limit;
}

/** A page size between 1 and `max`. */
export function pageLimit(query: URLSearchParams, ordinary: number, max: number): number {
  const limit = integer(query, 'limit') ?? ordinary;
  if (limit < 1 || limit > max) throw invalidParameter('limit');
  return limit;
}

export function klineInterval(query: URLSearchParams): string {
  const interval = query.get('interval');
  if (interval === null || interval === '') throw mandatoryParameter('interval');
  if (!KLINE_INTERVALS_MS.has(interval)) throw new ApiError(400, -1120, 'Invalid interval.');
  return interval;
}

/** Both ends in ms, inclusive. @throws ApiError -1023 when they are the wrong way round. */
export function timeSpan(query: URLSearchParams): {
  startTimeMs: number | undefined;
  endTimeMs: number | undefined;
} {
  const startTimeMs = integer(query, 'startTime');
  const endTimeMs = integer(query, 'endTime');
  if (startTimeMs !== undefined && endTimeMs !== undefined && startTimeMs > endTimeMs) {
    throw new ApiError(400, -1023, 'Start time is greater than end time.');
  }
  return { startTimeMs, endTimeMs };
}

/** A non-negative integer, or undefined when it was not sent. @throws ApiError -1102 */
export function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) throw mandatoryParameter(name);
  return Number(text);
}
