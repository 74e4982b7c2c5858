import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PrivateSide } from '../private/private-side.ts';
import { requestParams } from '../private/request-params.ts';
import { accountOfKey, checkSignature } from '../private/signed-request.ts';
import { ApiError } from './api-error.ts';
import type { ServedRequest } from './served-request.ts';
import type { WeightBudget } from './weight.ts';

/** Requests of accounts: whose they are, whether that is so, and how many they may be. */
export interface PrivateRequests {
  readonly has: (method: string, path: string) => boolean;
  /** Sets the headers that count orders. @throws ApiError */
  readonly understand: (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    weight: WeightBudget,
  ) => Promise<ServedRequest>;
}

const BODY_BYTES_MAX = 64 * 1024;

/** @param clockMs by which timestamps are judged */
export function privateRequests(side: PrivateSide, clockMs: () => number): PrivateRequests {
  const keyOf = (method: string, path: string): string => `${method} ${path}`;
  return {
    has: (method, path) => side.routes.has(keyOf(method, path)),
    understand: async (request, response, url, weight) => {
      const method = request.method ?? 'GET';
      const path = url.pathname;
      const route = side.routes.get(keyOf(method, path));
      if (route === undefined) throw new ApiError(404, -5000, `Path ${path}, Method ${method} is invalid`);
      const [query, body] = [url.search.slice(1), await bodyText(request)];
      const apiKey = request.headers['x-mbx-apikey'];
      const raw = { apiKey: typeof apiKey === 'string' ? apiKey : undefined, query, body };
      const sent = new URLSearchParams(`${query}&${body}`);
      const params = requestParams((name) => sent.get(name));
      weight.spend(route.weight(params));
      const account = accountOfKey(side.accounts, raw);
      if (route.isSigned) checkSignature(account, raw, clockMs());
      const orders = route.orders(params);
      if (orders > 0) {
        try {
          side.counts.spend(account, orders);
        } finally {
          for (const [name, used] of Object.entries(side.counts.headers(account))) response.setHeader(name, used);
        }
      }
      return {
        method,
        path,
        symbol: sent.get('symbol'),
        mayBeThrottled: route.mayBeThrottled(params),
        answer: () => JSON.stringify(route.answer(account, params)),
      };
    },
  };
}

async function bodyText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new ApiError(413, -1101, 'Too many parameters sent for this endpoint.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
