import { setTimeout as sleep } from 'node:timers/promises';
import type { RestFault } from '../faults/rules.ts';
import { ApiError } from './api-error.ts';
import type { ServedRequest } from './served-request.ts';

/** An answer that is not the true one; `silence`: none comes, and `reset`: the connection ends. */
export type SpoiledAnswer =
  | { readonly status: number; readonly body: string; readonly type?: string }
  | 'silence'
  | 'reset';

/**
 * What a fault makes of the answer to a request. Where the fault `executes`, the request has been done all the same: an
 * order is in the market, and who sent it does not know.
 */
export async function spoiledAnswer(
  fault: RestFault,
  served: ServedRequest,
  staleSnapshot: (symbol: string | null) => string | undefined,
): Promise<SpoiledAnswer> {
  const done = fault.executes ? await outcome(served) : undefined;
  const whole = async (): Promise<SpoiledAnswer> => done ?? (await outcome(served));
  switch (fault.answer) {
    case '429':
      return refusal(429, -1003, 'Too many requests; current limit of IP(127.0.0.1) is 2400 requests per minute.');
    case '418':
      return refusal(418, -1003, `Way too many requests; IP(127.0.0.1) banned until ${Date.now() + 120_000}.`);
    case '503':
      return refusal(503, -1001, 'Internal error; unable to process your request. Please try again.');
    case '503-unknown':
      return refusal(503, -1000, 'Unknown error, please check your request or try again later.');
    case '408':
      return refusal(
        408,
        -1007,
        'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
      );
    case 'overload':
      return refusal(
        503,
        -1008,
        'Request throttled by system-level protection. Reduce-only/close-position orders are exempt. Please try again.',
      );
    case 'delay':
      await sleep(fault.delayMs ?? 0);
      return whole();
    case 'html':
      return { status: 200, body: '<html><body><h1>502 Bad Gateway</h1></body></html>', type: 'text/html' };
    case 'empty':
      return { status: 200, body: '' };
    case 'truncated': {
      const answer = await whole();
      return typeof answer === 'string'
        ? answer
        : { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
    }
    case 'stale-snapshot': {
      const stale = staleSnapshot(served.symbol);
      return stale === undefined ? whole() : { status: 200, body: stale };
    }
    case 'reset':
      return 'reset';
    case 'hang':
      // Nothing is answered; the client's own time limit has to end it.
      return 'silence';
  }
}

/** Does the request; a refusal is an answer too. */
async function outcome(served: ServedRequest): Promise<SpoiledAnswer> {
  try {
    return { status: 200, body: await served.answer() };
  } catch (error) {
    if (error instanceof ApiError) return refusal(error.status, error.code, error.message);
    throw error;
  }
}

function refusal(status: number, code: number, msg: string): SpoiledAnswer {
  return { status, body: JSON.stringify({ code, msg }) };
}
