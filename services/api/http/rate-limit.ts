import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ApiContext } from './environment.ts';
import { problem } from './problem.ts';

export interface RateLimit {
  /** Requests a second that may go on for ever. */
  readonly perSecond: number;
  /** Requests that may come at once. */
  readonly burst: number;
}

export interface RateDecision {
  readonly allowed: boolean;
  /** Requests that may still come at once. */
  readonly remaining: number;
  /** Until the whole burst is there again, seconds. */
  readonly resetSeconds: number;
  /** Until the next request is allowed, seconds; 0 where it is allowed now. */
  readonly retryAfterSeconds: number;
}

/** Callers that are remembered; the one that has been quiet longest is forgotten first. */
const CALLERS_MAX = 10_000;

/**
 * Generic cell rate algorithm: one number a caller, exact, and no burst at the edge of a window.
 * @param nowMs a clock that never goes back, ms
 */
export function createRateLimiter({ perSecond, burst }: RateLimit, nowMs: () => number = () => performance.now()) {
  const intervalMs = 1_000 / perSecond;
  const toleranceMs = intervalMs * burst;
  /** Theoretical arrival time of each caller's next request, ms. */
  const arrivals = new Map<string, number>();

  return function take(caller: string): RateDecision {
    const now = nowMs();
    const arrival = Math.max(arrivals.get(caller) ?? now, now);
    const next = arrival + intervalMs;
    const excessMs = next - now - toleranceMs;
    // A hair of rounding must not cost a request of the burst.
    const allowed = excessMs <= 1e-6;
    arrivals.delete(caller);
    arrivals.set(caller, allowed ? next : arrival);
    if (arrivals.size > CALLERS_MAX) arrivals.delete(arrivals.keys().next().value!);
    const usedMs = (allowed ? next : arrival) - now;
    return {
      allowed,
      remaining: Math.max(0, Math.floor((toleranceMs - usedMs) / intervalMs + 1e-6)),
      resetSeconds: Math.ceil(usedMs / 1_000),
      retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil(excessMs / 1_000)),
    };
  };
}

const HALT = /^\/api\/v1\/trading\/[^/]+\/halt$/;

/**
 * Limits the requests of each key; sessions count for the key that they were made with. Halts count by themselves, so
 * that no other traffic of the key keeps one out.
 */
export function limitRate(limit: RateLimit) {
  const take = createRateLimiter(limit);
  return createMiddleware<ApiContext>(async (c, next) => {
    const { keyId } = c.get('caller');
    const decision = take(HALT.test(c.req.path) ? `${keyId} halts` : keyId);
    const headers = rateHeaders(limit, decision);
    if (!decision.allowed) return tooManyRequests(c, limit, decision);
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    await next();
    return undefined;
  });
}

export function tooManyRequests(c: Context<ApiContext>, limit: RateLimit, decision: RateDecision): Response {
  return problem(c, 'too-many-requests', {
    detail: `more than ${limit.perSecond} requests a second (${limit.burst} at once): wait ${decision.retryAfterSeconds} s`,
    headers: { ...rateHeaders(limit, decision), 'retry-after': String(decision.retryAfterSeconds) },
  });
}

function rateHeaders(limit: RateLimit, decision: RateDecision): Record<string, string> {
  return {
    'ratelimit-limit': String(limit.burst),
    'ratelimit-remaining': String(decision.remaining),
    'ratelimit-reset': String(decision.resetSeconds),
  };
}
