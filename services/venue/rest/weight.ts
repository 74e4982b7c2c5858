import { ApiError } from './api-error.ts';

/** Requests after the first 429 that turn a refusal into a ban. */
const REFUSALS_BEFORE_BAN = 20;
/** The shortest ban; Binance's grow up to three days. */
const BAN_MS = 120_000;

/** The request weight of the one address that this venue knows. */
export interface WeightBudget {
  /** Adds to the weight of the current minute. @throws ApiError 429, or 418 for those who do not listen. */
  readonly spend: (weight: number) => void;
  readonly used: () => number;
  /** Seconds until requests are welcome again, for `Retry-After`. */
  readonly retryAfterSeconds: () => number;
}

/** @param windowMs one minute at Binance; windows begin on its multiples. */
export function weightBudget(limit: number, windowMs: number, nowMs: () => number = Date.now): WeightBudget {
  let used = 0;
  let window = 0;
  let refusals = 0;
  let bannedUntilMs = 0;
  const roll = (): void => {
    const current = Math.floor(nowMs() / windowMs);
    if (current === window) return;
    window = current;
    used = 0;
    refusals = 0;
  };
  const ban = (): ApiError =>
    new ApiError(
      418,
      -1003,
      `Way too many requests; IP(127.0.0.1) banned until ${bannedUntilMs}. Please use the websocket for live updates to avoid bans.`,
    );
  return {
    used: () => {
      roll();
      return used;
    },
    retryAfterSeconds: () => {
      const untilMs = Math.max(bannedUntilMs, (Math.floor(nowMs() / windowMs) + 1) * windowMs);
      return Math.max(1, Math.ceil((untilMs - nowMs()) / 1000));
    },
    spend: (weight) => {
      roll();
      if (nowMs() < bannedUntilMs) throw ban();
      used += weight;
      if (used <= limit) return;
      refusals++;
      if (refusals > REFUSALS_BEFORE_BAN) {
        bannedUntilMs = nowMs() + BAN_MS;
        throw ban();
      }
      throw new ApiError(
        429,
        -1003,
        `Too many requests; current limit of IP(127.0.0.1) is ${limit} requests per minute. Please use the websocket for live updates to avoid polling the API.`,
      );
    },
  };
}
