import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RestFaults } from '../faults/rest-faults.ts';
import type { RestFault } from '../faults/rules.ts';
import { ApiError } from './api-error.ts';
import type { Route } from './routes.ts';
import type { WeightBudget } from './weight.ts';

/** What the REST side has done. */
export interface RestTally {
  readonly requests: Map<string, number>;
  readonly statuses: Map<number, number>;
}

export interface RestHandler {
  readonly tally: RestTally;
  readonly handle: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
}

export function restHandler(
  routes: ReadonlyMap<string, Route>,
  weight: WeightBudget,
  faults: RestFaults,
  staleSnapshot: (symbol: string | null) => string | undefined,
): RestHandler {
  const tally: RestTally = { requests: new Map(), statuses: new Map() };

  const send = (response: ServerResponse, status: number, body: string, type = 'application/json'): void => {
    count(tally.statuses, status);
    if (response.destroyed) return;
    response.setHeader('x-mbx-used-weight-1m', weight.used());
    if ((status === 429 || status === 418) && !response.hasHeader('retry-after')) {
      response.setHeader('retry-after', weight.retryAfterSeconds());
    }
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  };
  const sendError = (response: ServerResponse, error: ApiError): void =>
    send(response, error.status, JSON.stringify({ code: error.code, msg: error.message }));

  const sendFault = async (response: ServerResponse, fault: RestFault, url: URL, route: Route): Promise<void> => {
    if (fault.retryAfterSeconds !== undefined) response.setHeader('retry-after', fault.retryAfterSeconds);
    switch (fault.answer) {
      case '429':
        return sendError(
          response,
          new ApiError(429, -1003, 'Too many requests; current limit of IP(127.0.0.1) is 2400 requests per minute.'),
        );
      case '418':
        return sendError(
          response,
          new ApiError(418, -1003, `Way too many requests; IP(127.0.0.1) banned until ${Date.now() + 120_000}.`),
        );
      case '503':
        return sendError(
          response,
          new ApiError(503, -1001, 'Internal error; unable to process your request. Please try again.'),
        );
      case 'html':
        return send(response, 200, '<html><body><h1>502 Bad Gateway</h1></body></html>', 'text/html');
      case 'empty':
        return send(response, 200, '');
      case 'truncated': {
        const whole = await route.answer(url.searchParams);
        return send(response, 200, whole.slice(0, Math.floor(whole.length / 2)));
      }
      case 'stale-snapshot': {
        const stale = staleSnapshot(url.searchParams.get('symbol'));
        return send(response, 200, stale ?? (await route.answer(url.searchParams)));
      }
      case 'reset':
        response.destroy();
        return undefined;
      case 'hang':
        // Nothing is answered; the client's own time limit has to end it.
        return undefined;
    }
  };

  return {
    tally,
    handle: async (request, response, url) => {
      count(tally.requests, url.pathname);
      const route = routes.get(url.pathname);
      try {
        if (route === undefined || request.method !== 'GET') throw unknownPath(url.pathname, request.method ?? 'GET');
        weight.spend(route.weight(url.searchParams));
        const fault = faults.take(url.pathname);
        if (fault !== undefined) return await sendFault(response, fault, url, route);
        send(response, 200, await route.answer(url.searchParams));
      } catch (error) {
        if (error instanceof ApiError) sendError(response, error);
        else {
          sendError(response, new ApiError(500, -1000, 'An unknown error occurred while processing the request.'));
          throw error;
        }
      }
    },
  };
}

/** Requests of an account are not served here; a listen key is refused as a wrong API key is. */
function unknownPath(path: string, method: string): ApiError {
  if (path === '/fapi/v1/listenKey') return new ApiError(401, -2015, 'Invalid API-key, IP, or permissions for action.');
  return new ApiError(404, -5000, `Path ${path}, Method ${method} is invalid`);
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
