import { exchangeInfo } from '../exchange-info.ts';
import type { MarketSource } from '../market-source.ts';
import { ApiError } from './api-error.ts';
import {
  depthLimit,
  integer,
  klineInterval,
  optionalSymbol,
  pageLimit,
  requiredSymbol,
  timeSpan,
} from './parameters.ts';

/** A public request: what it weighs, and its answer as a JSON text. */
export interface Route {
  readonly weight: (query: URLSearchParams) => number;
  readonly answer: (query: URLSearchParams) => string | Promise<string>;
}

const HOUR_MS = 3_600_000;

/** Weights of November 2026; a request with wrong parameters weighs as one with ordinary ones. */
function depthWeight(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 500);
  if (limit <= 50) return 2;
  if (limit <= 100) return 5;
  return limit <= 500 ? 10 : 20;
}

function klineWeight(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 500);
  if (limit < 100) return 1;
  if (limit < 500) return 2;
  return limit <= 1000 ? 5 : 10;
}

/** @param clockMs the venue's clock, faults included. */
export function publicRoutes(
  source: MarketSource,
  clockMs: () => number,
  overrideInfo: (info: Record<string, unknown>) => Record<string, unknown>,
): ReadonlyMap<string, Route> {
  const symbols = source.instruments.map(({ symbol }) => symbol);
  const one = (): number => 1;
  const known = (text: string | undefined, what: string): string => {
    if (text === undefined) throw new ApiError(400, -4108, `This venue replays a recording that has no ${what}.`);
    return text;
  };
  return new Map<string, Route>([
    ['/fapi/v1/ping', { weight: one, answer: () => '{}' }],
    ['/fapi/v1/time', { weight: one, answer: () => `{"serverTime":${Math.floor(clockMs())}}` }],
    [
      '/fapi/v1/exchangeInfo',
      { weight: one, answer: () => JSON.stringify(overrideInfo(exchangeInfo(source.instruments, clockMs()))) },
    ],
    [
      '/fapi/v1/depth',
      { weight: depthWeight, answer: (query) => source.depth(requiredSymbol(query, symbols), depthLimit(query)) },
    ],
    [
      '/fapi/v1/aggTrades',
      {
        weight: () => 20,
        answer: (query) => {
          const symbol = requiredSymbol(query, symbols);
          const limit = pageLimit(query, 500, 1000);
          const span = timeSpan(query);
          const fromId = integer(query, 'fromId');
          if (fromId !== undefined && (span.startTimeMs !== undefined || span.endTimeMs !== undefined)) {
            throw new ApiError(400, -1128, 'Combination of optional parameters invalid.');
          }
          const { startTimeMs, endTimeMs } = span;
          if (startTimeMs !== undefined && endTimeMs !== undefined && endTimeMs - startTimeMs > HOUR_MS) {
            throw new ApiError(400, -1127, 'More than 1 hours between startTime and endTime.');
          }
          return source.aggTrades(symbol, { fromId, startTimeMs, endTimeMs, limit });
        },
      },
    ],
    [
      '/fapi/v1/klines',
      {
        weight: klineWeight,
        answer: (query) => {
          const symbol = requiredSymbol(query, symbols);
          const interval = klineInterval(query);
          const text = source.klines(symbol, interval, { ...timeSpan(query), limit: pageLimit(query, 500, 1500) });
          return known(text, 'klines');
        },
      },
    ],
    [
      '/fapi/v1/premiumIndex',
      {
        weight: (query) => (query.get('symbol') === null ? 10 : 1),
        answer: (query) => {
          const symbol = optionalSymbol(query, symbols);
          if (symbol !== undefined) return known(source.premiumIndex(symbol), 'mark price');
          return `[${symbols.map((each) => known(source.premiumIndex(each), 'mark price')).join(',')}]`;
        },
      },
    ],
    [
      '/fapi/v1/fundingRate',
      {
        weight: () => 0,
        answer: (query) => {
          const symbol = optionalSymbol(query, symbols);
          const span = { ...timeSpan(query), limit: pageLimit(query, 100, 1000) };
          if (symbol !== undefined) return known(source.fundingRates(symbol, span), 'funding rates');
          const texts = symbols.map((each) => known(source.fundingRates(each, span), 'funding rates').slice(1, -1));
          return `[${texts.filter((text) => text !== '').join(',')}]`;
        },
      },
    ],
    [
      '/fapi/v1/fundingInfo',
      {
        weight: () => 0,
        answer: () =>
          JSON.stringify(
            symbols.map((symbol) => ({
              symbol,
              adjustedFundingRateCap: '0.02000000',
              adjustedFundingRateFloor: '-0.02000000',
              fundingIntervalHours: 8,
              disclaimer: false,
            })),
          ),
      },
    ],
    [
      '/fapi/v1/openInterest',
      { weight: one, answer: (query) => known(source.openInterest(requiredSymbol(query, symbols)), 'open interest') },
    ],
  ]);
}
