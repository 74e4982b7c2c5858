import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RestFaults } from '../faults/rest-faults.ts';
import type { RestFault } from '../faults/rules.ts';
import { ApiError } from './api-error.ts';
import { spoiledAnswer } from './fault-answers.ts';
import type { PrivateRequests } from './private-requests.ts';
import type { Route } from './routes.ts';
import type { ServedRequest } from './served-request.ts';
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
  accounts: PrivateRequests,
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

  const sendFault = async (response: ServerResponse, fault: RestFault, served: ServedRequest): Promise<void> => {
    if (fault.retryAfterSeconds !== undefined) response.setHeader('retry-after', fault.retryAfterSeconds);
    const spoiled = await spoiledAnswer(fault, served, staleSnapshot);
    if (spoiled === 'reset') response.destroy();
    else if (spoiled !== 'silence') send(response, spoiled.status, spoiled.body, spoiled.type);
  };

  /** What is wrong with a request itself is refused before any fault. */
  const understand = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<ServedRequest> => {
    const method = request.method ?? 'GET';
    const path = url.pathname;
    if (accounts.has(method, path)) return accounts.understand(request, response, url, weight);
    const route = routes.get(path);
    if (route === undefined || method !== 'GET') {
      throw new ApiError(404, -5000, `Path ${path}, Method ${method} is invalid`);
    }
    weight.spend(route.weight(url.searchParams));
    const answer = (): string | Promise<string> => route.answer(url.searchParams);
    return { method, path, symbol: url.searchParams.get('symbol'), mayBeThrottled: false, answer };
  };

  return {
    tally,
    handle: async (request, response, url) => {
      count(tally.requests, url.pathname);
      try {
        const served = await understand(request, response, url);
        const fault = faults.take(served);
        if (fault !== undefined) return await sendFault(response, fault, served);
        send(response, 200, await served.answer());
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

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
